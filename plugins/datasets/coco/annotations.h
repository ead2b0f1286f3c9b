#ifndef SSHOST_PLUGINS_COCO_ANNOTATIONS_H
#define SSHOST_PLUGINS_COCO_ANNOTATIONS_H

#include <sshost/region.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace coco {

// The outline of one object, as it is stored.
struct Region {
  int64_t category = 0;
  bool is_crowd = false;
  std::vector<std::vector<double>> polygons;  // x and y in turn
  ss::RunLengths runs;                        // of crowds, and where the file has them; else empty
  int64_t runs_height = 0;                    // of the picture that the runs cover
  int64_t runs_width = 0;
};

struct Picture {
  std::string file_name;
  int64_t height = 0;
  int64_t width = 0;
  std::vector<Region> regions;
};

// What an "instances" file says.
struct Annotations {
  std::map<int64_t, std::string> categories;  // by id
  std::map<int64_t, Picture> pictures;        // by id
};

// Reads without keeping more of the file than this. Throws with the path, and with the place of what is not JSON.
Annotations read_annotations(const std::filesystem::path& path);

}  // namespace coco

#endif  // SSHOST_PLUGINS_COCO_ANNOTATIONS_H
