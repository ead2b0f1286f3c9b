#ifndef SSHOST_PLUGINS_FOLDER_OPTIONS_H
#define SSHOST_PLUGINS_FOLDER_OPTIONS_H

#include <sshost/class_options.hpp>
#include <sshost/split_options.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace folder {

inline constexpr int64_t kLargestLabel = 65535;
inline constexpr int32_t kIgnoredSet = -1;  // the ignored label where labels are sets of classes

struct Options {
  ss::Path root;
  std::vector<std::string> images = {"images/{split}/*.jpg"};
  std::optional<std::vector<std::string>> labels = std::vector<std::string>{"labels/{split}/*.png"};
  std::optional<ss::SplitOptions> split;
  std::vector<ss::ClassOptions> classes;
  int64_t ignore_index = 255;
  std::map<std::string, int64_t> label_map;
  bool label_colors = false;
  std::optional<int64_t> label_tolerance;
  std::string label_size = "stop";
  std::string unpaired = "stop";
};

}  // namespace folder

#endif  // SSHOST_PLUGINS_FOLDER_OPTIONS_H
