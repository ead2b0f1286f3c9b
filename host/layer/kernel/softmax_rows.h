// Vectorised by Google Highway.
#ifndef SSHOST_LAYER_KERNEL_SOFTMAX_ROWS_H
#define SSHOST_LAYER_KERNEL_SOFTMAX_ROWS_H

#include <cstdint>

namespace sshost::layer::kernel {

// What a row of `length` numbers has to be apart from the next one: whole vectors of any machine.
constexpr int64_t padded_row(int64_t length) { return (length + 63) / 64 * 64; }

struct Rows {
  float* data;
  int64_t step;  // from one row to the next: padded_row(length)
  int64_t count;
  int64_t length;
  float scale;
};

// Each row becomes softmax(scale * row); what lies behind its length is lost. A row with a NaN becomes NaN.
void softmax_rows(const Rows& rows);

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_SOFTMAX_ROWS_H
