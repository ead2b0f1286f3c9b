#ifndef SSHOST_CHECKPOINT_CLASS_ORDER_H
#define SSHOST_CHECKPOINT_CLASS_ORDER_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "data/dataset_info.h"
#include "state/state_store.h"

namespace sshost::checkpoint {

// A file of weights may have been made for the same classes in another order, or for others of the same number, which
// no shape tells. What is said here of a file's classes holds for those that it names (named_classes).

// What a model's tensors have of its classes: for each name the axes along which every class has one place.
struct ClassAxes {
  std::map<std::string, std::vector<int64_t>, std::less<>> axes;
  std::vector<std::string> unclear;  // depend on the number of classes in another way
};

// Told by a second model that is built alike, but for one class more: nothing of it but the shapes counts.
ClassAxes class_axes(const state::StateStore& model, const state::StateStore& with_one_more, int64_t classes);

enum class ClassMatch {
  kSame,     // the file has to name the model's classes in their order
  kByName,   // in any order
  kByNumber  // names do not count
};

// "same", "by_name", "by_number".
ClassMatch class_match(std::string_view text);

// The classes of the model that a file's values are for, and what to do where the file's are others.
struct WantedClasses {
  std::vector<data::Class> classes = {};  // empty: nothing is compared
  ClassMatch match = ClassMatch::kSame;
  std::function<ClassAxes()> axes = {};  // of the model; asked for where classes change their places
};

// Puts what belongs to a class where the model has that class.
class ClassOrder {
 public:
  ClassOrder() = default;  // leaves everything as it is

  // `places`: for each class of the model the number that it has in the file.
  ClassOrder(std::vector<int64_t> places, ClassAxes axes) : places_(std::move(places)), axes_(std::move(axes)) {}

  // The value of the model's tensor `name`, or of what an optimiser keeps of it under "<name>.<what>".
  at::Tensor apply(std::string_view name, const at::Tensor& value) const;

 private:
  std::vector<int64_t> places_;
  ClassAxes axes_;
};

// How the values of a file for `classes` become those of the model. Throws UsageError with both lists where they have
// to be the same and are not, where a class has no counterpart, where the numbers differ, and where a tensor of the
// model cannot be put in another order. `what` names the file.
ClassOrder class_order(const std::vector<data::Class>& classes, const WantedClasses& wanted, const std::string& what);

// Whether a file for `classes` names others than are wanted, or in another order. False where either names none.
bool are_others(const std::vector<data::Class>& classes, const WantedClasses& wanted);

// Whether they are the same names in another order.
bool are_in_another_order(const std::vector<data::Class>& classes, const WantedClasses& wanted);

// Where a file's classes differ from those that are wanted, of which there are as many; for people.
std::string difference_of_classes(const std::vector<data::Class>& classes, const WantedClasses& wanted);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_CLASS_ORDER_H
