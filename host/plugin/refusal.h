#ifndef SSHOST_PLUGIN_REFUSAL_H
#define SSHOST_PLUGIN_REFUSAL_H

#include <filesystem>
#include <stdexcept>
#include <string>

namespace sshost::plugin {

// How a library came to be considered. A later one wins where two plugins offer the same name.
enum class Origin {
  kSearchPath,      // a folder of the search path
  kPipelineFolder,  // a folder that the pipeline names
  kPipelineFile     // a file that the pipeline names
};

// Why a library is not used: thrown inside the loader, kept as a Refusal.
class Refused : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

// A library without the note `.note.sshost`: in a folder, most likely somebody else's and no mistake.
class NotAPlugin : public Refused {
 public:
  using Refused::Refused;
};

// A library that was found and is not used. `reason` says what was expected and what was found, without the path.
struct Refusal {
  std::filesystem::path path;
  std::string reason;
  Origin origin = Origin::kSearchPath;
  bool foreign = false;  // NotAPlugin
};

// "/a/b.so: reason"
inline std::string to_string(const Refusal& refusal) { return refusal.path.string() + ": " + refusal.reason; }

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_REFUSAL_H
