#ifndef SSHOST_DATA_DIAGNOSIS_H
#define SSHOST_DATA_DIAGNOSIS_H

#include <functional>
#include <string>
#include <vector>

#include "data/dataset_use.h"
#include "data/inspection.h"

namespace sshost::data {

enum class Illness {
  kUnpaired,    // files without a partner
  kUnopened,    // no split at all, or not all of it
  kBroken,      // samples that cannot be read
  kColored,     // colours instead of numbers
  kIndexed,     // numbers instead of colours
  kSizes,       // labels of another size than their image
  kUnlabelled,  // some samples have no label
  kSmeared,     // JPEG, or soft edges
  kNumbers,     // numbers that stand for something else than they are taken for
  kIgnored,     // more pixels are ignored than in any published data set
  kNothing,     // nothing can be learnt
  kAbsent,      // classes that do not occur
  kShared,      // files that are in two splits
  kClasses,     // splits that number their classes in different ways
  kDamaged,     // files that can be decoded, though something is wrong with them
  kUnmapped,    // numbers in the files that the pipeline leaves out
  kPalettes,    // palettes that give one number several colours
  kDark,        // images that use a small part of their 16 bits
  kAlpha,       // an alpha channel that is not read says something
  kTurned,      // images that are turned by their EXIF data, which labels are not
  kBatchSizes,  // samples of one batch that would differ in size
};

// Something that is wrong with a split, for people.
struct Finding {
  Illness illness;
  std::string what;
  std::vector<std::string> places{};    // files, numbers; all of them
  std::string mend{};                   // YAML, that mends it where it is added to the pipeline; or what else to do
  bool is_note = false;                 // nothing has to be done: the pipeline says what becomes of it, or it may be so
  std::vector<Treatment> treatments{};  // what may be the mend, the best one first
};

// A larger share of pixels is ignored in no published data set: in the samples of CamVid, Cityscapes, ADE20K and VOC it
// is 5 to 10 % of all.
inline constexpr double kMostIgnored = 0.5;

// A mend that leaves out a larger share of the samples hides what is wrong.
inline constexpr double kMostSkipped = 0.2;

// What an inspection found. `trains`: the split is one to learn from.
std::vector<Finding> diagnose(const Inspection& seen, const DatasetInfo& info, const DatasetUse& use,
                              bool trains = true);

// What a diagnosis finds where the data set has these options.
using Trial = std::function<std::vector<Finding>(const ss_options_object& options)>;

// Tries the treatments of all findings and keeps the first of each that mends it and brings nothing else to do. Where
// none does, the finding says so.
void try_treatments(std::vector<Finding>& findings, const Trial& trial);

}  // namespace sshost::data

#endif  // SSHOST_DATA_DIAGNOSIS_H
