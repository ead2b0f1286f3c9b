#ifndef SSHOST_PLUGINS_COCO_ANNOTATIONS_H
#define SSHOST_PLUGINS_COCO_ANNOTATIONS_H

#include <sshost/region.hpp>

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace coco {

// One object, as it is stored.
struct Region {
  int64_t category = 0;
  bool is_crowd = false;
  std::vector<std::vector<double>> polygons;  // x and y in turn, of three corners at least
  ss::RunLengths runs;                        // of crowds, and where the file has them; else empty
  int64_t runs_height = 0;                    // of the picture that the runs cover
  int64_t runs_width = 0;
  std::vector<double> box;  // left, top, width, height; empty: the file gives none

  bool has_outline() const { return !polygons.empty() || !runs.empty(); }
};

struct Picture {
  std::string file_name;
  int64_t height = 0;
  int64_t width = 0;
  std::vector<Region> regions;
};

// What an "instances" file says.
struct Annotations {
  // By id, as all. Ids that are text count in the order in which they come. A category under which others are filed
  // (their "supercategory", Roboflow's first one), and which no annotation is of, is none.
  std::map<int64_t, std::string> categories;
  std::map<int64_t, Picture> pictures;
  int64_t regions = 0;
  int64_t without_outline = 0;  // of the regions: a box at most
  int64_t flawed_polygons = 0;  // of fewer than three corners, which cover nothing: left out
};

// Reads without keeping more of the file than this. A polygon may also be stored as one flat list, or as a list of
// pairs. Throws with the path: for what is not JSON, with its place; for an id that two images or two categories of
// different names have.
Annotations read_annotations(const std::filesystem::path& path);

}  // namespace coco

#endif  // SSHOST_PLUGINS_COCO_ANNOTATIONS_H
