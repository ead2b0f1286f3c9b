#ifndef SSHOST_PLUGINS_COCO_CATEGORY_NAMES_H
#define SSHOST_PLUGINS_COCO_CATEGORY_NAMES_H

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace coco {

// In the order of the ids; several categories of one name are one.
std::vector<std::string> names_of(const std::map<int64_t, std::string>& categories);

// Throws where a name that is wanted was probably meant to be that of another category, and where none of them is one.
// A file may lack a category that others have: that is logged. `file` is for the text.
void require_categories(const std::vector<std::string>& wanted, const std::vector<std::string>& categories,
                        const std::string& file);

}  // namespace coco

#endif  // SSHOST_PLUGINS_COCO_CATEGORY_NAMES_H
