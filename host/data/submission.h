#ifndef SSHOST_DATA_SUBMISSION_H
#define SSHOST_DATA_SUBMISSION_H

#include <sshost/abi/submission.h>

#include <cstdint>
#include <string>
#include <vector>

#include "data/dataset_info.h"
#include "plugin/component.h"

namespace sshost::data {

// A layout that a data set plugin offers for predictions: what the server of its benchmark takes. Lives as long as the
// process, as the plugin does. What the plugin says is checked here. Threads: any.
class Submission {
 public:
  // `who` offers it: "dataset pets (/plugins/pets.so)".
  Submission(const ss_submission_layout& layout, std::string who) : layout_(&layout), who_(std::move(who)) {}

  std::string name() const;                        // what a pipeline names, and the folder of its files
  std::string text() const;                        // a line of help
  const std::string& who() const { return who_; }  // offers it

  // How many numbers a pixel can hold: 256 or 65,536. Throws Error where the plugin wants what this host cannot write.
  int64_t numbers() const;

  // The number that is written for each class. Throws UsageError where these are not the benchmark's classes, Error
  // where a number does not fit its files.
  std::vector<int64_t> values(const std::vector<Class>& classes) const;

  // The sample's file: a relative path that ends in ".png". Throws UsageError where the benchmark has none for it,
  // Error where it is no such path.
  std::string file_of(const std::string& id) const;

 private:
  std::string label() const;  // for messages

  const ss_submission_layout* layout_;
  std::string who_;
};

// The layouts that the data set component offers, in its order.
std::vector<Submission> submissions_of(const plugin::Component& component);

}  // namespace sshost::data

#endif  // SSHOST_DATA_SUBMISSION_H
