#ifndef SSHOST_APP_REPORT_IMAGES_H
#define SSHOST_APP_REPORT_IMAGES_H

#include <cstdint>
#include <string>
#include <vector>

#include "data/loader.h"
#include "evaluate/observer.h"
#include "report/report.h"

namespace sshost::app {

// The images that a report shows: where they are scored the worst ones and the best ones by their own mean IoU, half of
// each; else some that are spread evenly over all. Keeps the masks of no more than these.
class ReportImages {
 public:
  explicit ReportImages(int64_t wanted) : wanted_(wanted) {}

  void add(const evaluate::EvaluatedImage& image);

  // The chosen ones, the worst first. Their photographs are read from `loader`, which gave them.
  std::vector<report::Comparison> take(data::Loader& loader);

 private:
  struct Chosen {
    int64_t index;
    report::Comparison comparison;  // without the photograph
  };

  bool is_one_of_many(const evaluate::EvaluatedImage& image) const;
  void add_by_score(Chosen chosen);
  size_t worst_of(size_t count) const { return (count + 1) / 2; }

  int64_t wanted_;
  std::vector<Chosen> chosen_;  // where they are scored: ascending
};

}  // namespace sshost::app

#endif  // SSHOST_APP_REPORT_IMAGES_H
