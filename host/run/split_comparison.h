#ifndef SSHOST_RUN_SPLIT_COMPARISON_H
#define SSHOST_RUN_SPLIT_COMPARISON_H

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "data/class_lists.h"
#include "run/examination.h"

namespace sshost::run {

// What is wrong with splits beside each other: images that are in two of them, as one file or as copies, and classes
// that are numbered in another way. Split by split; what it finds is added to the later one.
class SplitComparison {
 public:
  // `compares_contents`: files of one size are read for it.
  void look_at(const std::string& split, Examination& found, bool compares_contents = true);

 private:
  struct Seen {
    std::string split;
    std::string path;
  };
  void compare_paths(const std::string& split, Examination& found);
  void compare_contents(const std::string& split, Examination& found);
  void compare_classes(const std::string& split, Examination& found);
  // A file of another split with the same content.
  const Seen* copy_of(const std::string& path, const std::string& split);

  std::map<std::string, std::string> split_of_;    // by the image's path
  std::map<uint64_t, std::vector<Seen>> by_size_;  // by the file's size
  std::map<std::string, size_t> hashes_;           // by path, of what had to be read
  std::optional<data::ClassList> classes_;         // of the first split
};

}  // namespace sshost::run

#endif  // SSHOST_RUN_SPLIT_COMPARISON_H
