#include "layer/kernel/attend.h"

#include <ATen/Parallel.h>
#include <ATen/native/CPUBlas.h>
#include <ATen/ops/empty.h>

#include <algorithm>
#include <memory>
#include <vector>

#include "layer/kernel/panels.h"
#include "layer/kernel/softmax_rows.h"

namespace sshost::layer::kernel {
namespace {

namespace blas = at::native::cpublas;

constexpr int64_t kQueries = 32;  // of a block
constexpr int64_t kDepth = 256;   // of one product

// The keys of one image, [C, S], as weights whose outputs are the S keys.
std::shared_ptr<const Panels> panels_of(const at::Tensor& key) {
  const ConvShape shape{key.size(0), key.size(1), {1, 1}, {1, 1}, {0, 0}, {1, 1}, 1};
  return make_panels({shape, key.t().unsqueeze(-1).unsqueeze(-1), {}, false});
}

class Work {
 public:
  Work(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, double scale, at::Tensor& output)
      : query_(query), value_(value), scale_(static_cast<float>(scale)), output_(output) {
    for (int64_t image = 0; image < key.size(0); ++image) keys_.push_back(panels_of(key[image]));
  }

  void run() const {
    const int64_t queries = query_.size(1);
    const int64_t blocks = at::divup(queries, kQueries);
    at::parallel_for(0, query_.size(0) * blocks, 1, [&](int64_t begin, int64_t end) {
      const at::Tensor weights = at::empty({kQueries * row_length()}, at::kFloat);
      for (int64_t task = begin; task < end; ++task) {
        const int64_t first = task % blocks * kQueries;
        attend(task / blocks, first, std::min(kQueries, queries - first), weights.mutable_data_ptr<float>());
      }
      blas::brgemm_release(false);
    });
  }

 private:
  int64_t row_length() const { return padded_row(value_.size(1)); }

  void attend(int64_t image, int64_t first, int64_t count, float* weights) const {
    compare(*keys_[static_cast<size_t>(image)], at(query_, image, first), count, weights);
    softmax_rows({weights, row_length(), count, value_.size(1), scale_});
    mix(at(value_, image, 0), count, weights, at(output_, image, first));
  }

  static float* at(const at::Tensor& tokens, int64_t image, int64_t token) {
    return const_cast<float*>(tokens.const_data_ptr<float>()) + (image * tokens.size(1) + token) * tokens.size(2);
  }

  // weights[query][key] = query . key
  void compare(const Panels& keys, const float* query, int64_t count, float* weights) const {
    for (int64_t panel = 0; panel < keys.count(); ++panel) {
      const int64_t width = keys.width(panel);
      for (int64_t channel = 0; channel < keys.in; channel += kDepth) {
        blas::brgemm(count, width, std::min(kDepth, keys.in - channel), keys.in, width, row_length(),
                     /*add_C=*/channel > 0, query + channel, keys.matrix(panel, 0) + channel * width,
                     weights + keys.first(panel));
      }
    }
  }

  // output[query] = sum over keys of weights[query][key] * value[key]
  void mix(const float* value, int64_t count, const float* weights, float* output) const {
    const int64_t width = value_.size(2);
    for (int64_t key = 0; key < value_.size(1); key += kDepth) {
      blas::brgemm(count, width, std::min(kDepth, value_.size(1) - key), row_length(), width, width,
                   /*add_C=*/key > 0, weights + key, value + key * width, output);
    }
  }

  const at::Tensor& query_;
  const at::Tensor& value_;
  const float scale_;
  at::Tensor& output_;
  std::vector<std::shared_ptr<const Panels>> keys_;
};

}  // namespace

bool fits_attend(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value) {
  const auto fits = [](const at::Tensor& each) {
    return each.is_cpu() && each.scalar_type() == at::kFloat && each.dim() == 3 && each.numel() > 0;
  };
  return fits(query) && fits(key) && fits(value) && has_micro_kernel();
}

at::Tensor attend(const at::Tensor& query, const at::Tensor& key, const at::Tensor& value, double scale) {
  const at::Tensor queries = query.contiguous();
  const at::Tensor values = value.contiguous();
  at::Tensor output = at::empty({query.size(0), query.size(1), value.size(2)}, at::kFloat);
  Work(queries, key, values, scale, output).run();
  return output;
}

}  // namespace sshost::layer::kernel
