#ifndef SSHOST_DRAFT_CLASS_NAMES_H
#define SSHOST_DRAFT_CLASS_NAMES_H

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

namespace sshost::draft {

struct NamedClass {
  std::string name;
  std::optional<std::string> color;  // "#rrggbb", where the list gives one
};

// What a list of classes beside the pictures says.
struct ClassNames {
  std::vector<NamedClass> classes;   // in its order, without labelme's "__ignore__"; empty: there is no list
  std::string file;                  // its name
  std::vector<std::string> remarks;  // on lists that cannot be read, a line each
};

// One name a line, with its number or its colour before or behind it, as labelme, CVAT (labelmap.txt) and CamVid
// (class_dict.csv, label_colors.txt) write them; in UTF-8.
ClassNames find_class_names(const std::filesystem::path& folder);

// Names for so many classes, whose first one is the background where the list has one name less. What had to be
// assumed is added to `assumptions`.
std::vector<std::string> names_for(const ClassNames& list, size_t classes, bool first_is_background,
                                   std::vector<std::string>& assumptions);

}  // namespace sshost::draft

#endif  // SSHOST_DRAFT_CLASS_NAMES_H
