#ifndef SSHOST_DATA_LABEL_CENSUS_H
#define SSHOST_DATA_LABEL_CENSUS_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "data/inspection.h"
#include "data/sample.h"

namespace sshost::data {

// How many pixels of each class some labels hold, and how many are ignored.
class LabelCensus {
 public:
  explicit LabelCensus(int64_t classes, bool labels_are_sets = false);

  // What an inspection has read. Numbers that are neither a class nor ignored do not count: reading them is an error.
  LabelCensus(const Inspection& seen, const DatasetInfo& info);

  // Adds the labels of some images, [N, H, W] on the CPU; what is no class is ignored.
  void add(const at::Tensor& labels);

  int64_t images() const { return images_; }
  int64_t labelled() const { return labelled_; }  // pixels that are not ignored
  int64_t ignored() const { return ignored_; }
  std::vector<size_t> present() const;  // classes
  // The one that is present, where no other is; not of sets, where it tells a pixel from one that is of none.
  std::optional<size_t> only_class() const;

  // int64 [classes + 3]: to be added up over ranks, and put back.
  at::Tensor counts() const;
  void set_counts(const at::Tensor& counts);

 private:
  int64_t label_end() const;

  bool are_sets_;
  std::vector<int64_t> pixels_;  // of each class; of sets one pixel may count several times
  int64_t labelled_ = 0;
  int64_t ignored_ = 0;
  int64_t images_ = 0;
};

// "3 of 4 classes, 12.5 % ignored; not among them: road".
std::string describe(const LabelCensus& census, const std::vector<Class>& classes);

// Why a model learns little from such labels, or nothing; empty where there is nothing to say.
std::string warning_of(const LabelCensus& census, const std::vector<Class>& classes);

}  // namespace sshost::data

#endif  // SSHOST_DATA_LABEL_CENSUS_H
