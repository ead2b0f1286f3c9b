#ifndef SSHOST_DRAFT_DRAFT_H
#define SSHOST_DRAFT_DRAFT_H

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace sshost::draft {

// A pipeline for the pictures in a folder, as far as looking at them tells what they are.
struct Draft {
  std::string yaml;                      // with comments
  std::vector<std::string> assumptions;  // for people, a line each

  // What opening it tells. Each changes nothing where the pipeline has no such line: the seed of a division of the
  // images, and the classes of files that number them in different ways.
  void set_seed(int64_t seed);
  void set_batch_size(int64_t size);
  void set_classes(const std::vector<std::string>& names);

 private:
  void replace(const std::string& from, const std::string& to);
};

// `root` is how the pipeline names the folder, `file` how it is called itself. Throws UsageError where there are no
// images with labels in it, with what was found.
Draft draft_pipeline(const std::filesystem::path& folder, const std::string& root, const std::string& file);

}  // namespace sshost::draft

#endif  // SSHOST_DRAFT_DRAFT_H
