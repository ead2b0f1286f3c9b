#ifndef SSHOST_DATA_LABEL_DOCTOR_H
#define SSHOST_DATA_LABEL_DOCTOR_H

#include <cstdint>
#include <vector>

#include "data/diagnosis.h"

namespace sshost::data {

// Judges what the labels of a split hold.
class LabelDoctor {
 public:
  // All outlive it.
  LabelDoctor(const Inspection& seen, const DatasetInfo& info, const DatasetUse& use, bool trains);

  // Those with treatments leave it to `diagnose` to take the first one for the mend.
  std::vector<Finding> findings() const;

 private:
  bool occurs(int64_t number) const { return seen_.labels.contains(static_cast<int32_t>(number)); }
  bool is_mask() const;
  bool is_shifted() const;
  bool may_be_shifted() const;
  double ignored_share() const;

  std::vector<Finding> findings_of_sets() const;
  Finding mask() const;
  Finding smeared() const;
  Finding shifted() const;
  Finding perhaps_shifted() const;
  Finding strangers() const;
  Finding absent() const;
  Finding nothing_to_learn() const;
  Finding mostly_ignored() const;

  // Of the numbers in the files, in order: they as the classes, a background before the one class, ...
  std::vector<Treatment> in_order(const TrueValues& numbers) const;
  std::vector<Treatment> for_stored() const;

  const Inspection& seen_;
  const DatasetInfo& info_;
  const DatasetUse& use_;
  bool trains_;
  int64_t classes_;
  NumberCounts numbers_;  // that the files hold
  TrueValues true_;       // those of them that are meant
  std::vector<int32_t> strangers_;
  std::vector<int64_t> absent_;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_LABEL_DOCTOR_H
