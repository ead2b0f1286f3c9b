#ifndef SSHOST_CHECKPOINT_CLASS_MEMORY_H
#define SSHOST_CHECKPOINT_CLASS_MEMORY_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "checkpoint/tensor_file.h"
#include "state/state_store.h"

namespace sshost::checkpoint {

// What a feature memory keeps of every class, as an artifact of its own: read out of checkpoints, looked at, merged.
// Nothing here knows a memory plugin: it is the buffers of the model's memory that have a row for each class.

// One such buffer.
struct ClassMemory {
  std::string name;    // "memory.memory"
  at::Tensor vectors;  // [classes, vectors of a class, width] float64 on the CPU
};

// The names of the buffers of a store whose first axis counts the classes and that have another axis, among those of
// the model's memory; none where the model has no memory, or one that keeps something else.
std::vector<std::string> class_memory_names(const state::StateStore& store, int64_t classes);

// Throws Error with the path where one of these tensors has not the shape in the file that it has in the model.
void require_shapes(const TensorFile& file, const std::vector<std::string>& names, const state::StateStore& model,
                    const std::string& path);

// The named tensors of a file. Throws Error with the path where one is not there.
std::vector<ClassMemory> class_memories(const checkpoint::TensorFile& file, const std::vector<std::string>& names,
                                        const std::string& path);

// How alike vectors are. Long ones are representations, which are compared by their angle; those of fewer than 8
// numbers are rather the parameters of a distribution, and compared by their distance.
struct Similarity {
  bool is_cosine = true;
  at::Tensor values;  // [n, n] for n vectors: the cosine, 0 beside a vector of zeros; or the Euclidean distance
};
inline constexpr int64_t kMostCompared = 10'000;   // vectors; Error where there are more: each is compared with each
Similarity similarity(const at::Tensor& vectors);  // [n, width] float64

// The indices of the `count` vectors that are most alike vector i, without itself and without vectors of zeros.
std::vector<int64_t> nearest(const Similarity& similarity, const at::Tensor& vectors, int64_t i, int64_t count);

// How far each vector of `after` has come from that of `before`, both [..., width]: |after - before| / |before|, and
// the cosine of the angle between them; NaN beside a vector of zeros.
struct Drift {
  at::Tensor relative;
  at::Tensor cosine;
};
Drift drift(const at::Tensor& before, const at::Tensor& after);

// The weighted mean, class by class and vector by vector, over the memories that know the vector: one of zeros has not
// been seen yet and does not count. All have one shape (Error), `weights` are positive.
at::Tensor weighted_mean(const std::vector<at::Tensor>& memories, const std::vector<double>& weights);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_CLASS_MEMORY_H
