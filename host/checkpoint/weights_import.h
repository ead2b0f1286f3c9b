#ifndef SSHOST_CHECKPOINT_WEIGHTS_IMPORT_H
#define SSHOST_CHECKPOINT_WEIGHTS_IMPORT_H

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "checkpoint/class_order.h"
#include "checkpoint/tensor_file.h"
#include "checkpoint/tensor_index.h"
#include "model/names.h"
#include "state/state_store.h"

namespace sshost::checkpoint {

// How one format names and stores the tensors of a model: our name -> theirs.
struct NameMap {
  std::string format;  // "torchvision", "sssegmentation", ...
  std::map<std::string, model::PublishedName> names;
};

struct MissingTensor {
  std::string name;          // ours
  std::string source;        // what the file would have to call it
  std::string instead = {};  // what the file has under that name, such as "an object of ..."; empty: nothing
};

struct ShapeDifference {
  std::string name;
  std::string source;
  std::vector<int64_t> expected;  // the model's
  std::vector<int64_t> found;     // the file's
};

// What became of every tensor, on both sides.
struct ImportReport {
  std::string format;             // whose names matched
  std::vector<std::string> used;  // our names
  std::vector<MissingTensor> missing;
  std::vector<ShapeDifference> shape_differs;
  std::vector<ShapeDifference> other_classes;  // for another number of classes, and left out since that was asked
  std::vector<std::string> other_names;        // our names, of what is left out since the classes have other names
  std::vector<std::string> unused;             // the file's names
  std::vector<std::string> adapted;            // our names, of convolutions over RGB that were fitted to data.channels
  std::vector<std::string> kept;               // our names, of what the file lacks and the format lets it lack
  std::vector<std::string> notes;              // on the file, for people: a further state dict, classes of other names

  bool complete() const { return missing.empty() && shape_differs.empty(); }

  // All of it, a line each; names of long lists are cut short where `all` is not set.
  std::string text(bool all) const;

  // One line, such as `161 tensors read by torchvision's names; 2 of the file unused: fc.bias, fc.weight`.
  std::string summary() const;
};

// The format of this program's own checkpoints.
inline constexpr std::string_view kOwnNames = "sshost";

struct ImportRequest {
  std::string what;              // for messages, such as "model.backbone.weights /w/resnet50.safetensors"
  std::string prefix;            // only the model's tensors whose names begin so, such as "backbone."; empty: all
  std::string format;            // only this format; empty: the one under which most tensors match
  std::vector<NameMap> formats;  // what the components offer; kOwnNames, with and without prefix, need not be in it
  int64_t classes = 0;           // of the model; 0: not known
  bool skip_classifier = false;  // leave out tensors that differ only in the first axis, which has the classes here
  int64_t image_channels = 3;    // of the model
  bool adapt_input = false;      // fit convolutions of the backbone over three channels to image_channels
  std::set<std::string, std::less<>> of_other_classes = {};  // leave out these too, of the same shape or not
  ClassOrder order = {};                                     // of what is taken
  bool require_sound_values = true;                          // sound_values.h
  std::vector<std::string> notes = {};                       // for ImportReport::notes
};

// Copies the file's tensors into the store, converted to its dtype. Every persistent tensor of the model under the
// prefix has to be in the file with the same shape, but for those that the format lets it lack: else nothing is changed
// and an Error lists what is missing or differs, or has unsound values.
// Tensors of the file that the model does not need are reported as unused, unless the model computes them itself;
// `num_batches_tracked` counters, which nothing depends on, may be missing or unused without a mention.
ImportReport import_weights(state::StateStore& store, const TensorFile& file, const ImportRequest& request);

// Throws as import_weights does where names and shapes do not fit. Of the file's values none is looked at, so that it
// may be an outline (outline_of).
void require_fit(const state::StateStore& store, const TensorFile& file, const ImportRequest& request);

// Settles what the names that the file has for its classes mean for `request`: those of `wanted` in another order are
// put in theirs, and with skip_classifier what belongs to other classes is left out. Throws UsageError as class_order
// does, where a tensor under the request's prefix belongs to the classes.
void consider_classes(ImportRequest& request, const TensorFile& file, const WantedClasses& wanted);

// The file's tensors that the model does not save under that name.
std::vector<std::string> unknown_names(const state::StateStore& store, const TensorIndex& file);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_WEIGHTS_IMPORT_H
