#ifndef SSHOST_REPORT_SIMILARITY_H
#define SSHOST_REPORT_SIMILARITY_H

#include <opencv2/core.hpp>
#include <string>
#include <vector>

namespace sshost::report {

// How alike things are, each beside each.
struct SimilarityMap {
  std::vector<std::string> names;
  cv::Mat values;            // CV_64F [n, n]
  bool is_distance = false;  // 0 is alike, and what is far has no bound; else cosines, where 1 is alike
};

// One pixel for each pair, CV_8UC3 RGB: cosines from blue (-1) over white (0) to red (1), distances from red (0) to
// white (the largest).
cv::Mat color_similarity(const SimilarityMap& map);

// The map with its names along both sides and a scale, CV_8UC3 RGB.
cv::Mat draw_similarity(const SimilarityMap& map);

// A page of its own that needs nothing else: the map with names, values and a scale (matrix.h), and below it `body` as
// it stands.
std::string similarity_page(const std::string& title, const std::string& subtitle, const SimilarityMap& map,
                            const std::string& body);

}  // namespace sshost::report

#endif  // SSHOST_REPORT_SIMILARITY_H
