#ifndef SSHOST_PLUGINS_FOLDER_STRANGERS_H
#define SSHOST_PLUGINS_FOLDER_STRANGERS_H

#include <cstdint>
#include <map>
#include <mutex>
#include <set>
#include <string>

namespace folder {

// Pixels of each number, or colour as 0xrrggbb, of a label.
using Strangers = std::map<int64_t, int64_t>;

// Numbers, or colours, in the labels that no class has and nobody has named: their pixels are ignored, which nothing else
// tells. The first label that holds any is told of at once, what all of them hold when this ends. Threads: any.
class StrangerLog {
 public:
  StrangerLog(std::string split, bool are_colors) : split_(std::move(split)), are_colors_(are_colors) {}
  ~StrangerLog();
  StrangerLog(const StrangerLog&) = delete;
  StrangerLog& operator=(const StrangerLog&) = delete;

  // `sample` counts once, however often it is read.
  void add(int64_t sample, const std::string& path, const Strangers& found);

 private:
  struct Use {
    int64_t pixels = 0;
    int64_t labels = 0;
  };
  std::string name_of(int64_t value) const;
  std::string of_no_class() const {
    return are_colors_ ? "colours that no class has" : "numbers without an entry in label_map";
  }

  const std::string split_;
  const bool are_colors_;
  std::mutex mutex_;  // of what follows
  std::set<int64_t> samples_;
  std::map<int64_t, Use> uses_;
};

}  // namespace folder

#endif  // SSHOST_PLUGINS_FOLDER_STRANGERS_H
