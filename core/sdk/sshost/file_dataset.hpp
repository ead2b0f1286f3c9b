// A data set of image files with label files beside them: its classes, what the labels' numbers stand for, and a
// function that lists the files. Most data sets need no more.
//
//   Pets::Pets(const PetsOptions& options, const std::string& split)
//       : ss::FileDataset(pet_classes(), 255, ss::LabelTable::counting_from(1, 37, 255), [=] {
//           return ss::pair_listed({options.root.value, {"images/*.jpg"}, {"trimaps/*.png"}}, list_of(split));
//         }) {}
#ifndef SSHOST_FILE_DATASET_HPP
#define SSHOST_FILE_DATASET_HPP

#include <algorithm>
#include <initializer_list>
#include <string>
#include <utility>
#include <vector>

#include "dataset.hpp"
#include "files.hpp"
#include "label_table.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

class FileDataset : public Dataset {
 public:
  void read(int64_t index, Random&, Sink& sink) const override {
    const SampleInfo& sample = samples()[static_cast<std::size_t>(index)];
    sink.image(read_image(sample.image_path));
    if (!sample.label_path.empty()) table_.write(Image::label(sample.label_path), sink);
  }

 protected:
  // The list is asked for when the samples are: not where only the classes matter.
  FileDataset(std::vector<ClassInfo> classes, int64_t ignore_index, LabelTable table, SampleList list)
      : Dataset(std::move(classes), ignore_index), table_(std::move(table)) {
    set_sample_list(std::move(list));
  }
  const LabelTable& table() const { return table_; }

 private:
  LabelTable table_;
};

// `split`, which has to be one of `known`.
inline const std::string& checked_split(const std::string& split, std::initializer_list<std::string> known) {
  if (std::find(known.begin(), known.end(), split) != known.end()) return split;
  std::string text;
  for (const std::string& each : known) text.append(text.empty() ? "" : ", ").append(each);
  throw Error("split \"" + split + "\": expected one of " + text, SS_NOT_FOUND);
}

}  // namespace v1
}  // namespace ss

#endif
