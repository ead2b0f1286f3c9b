// What follows the products of a convolution, while they are still in the cache. Vectorised by Google Highway.
#ifndef SSHOST_LAYER_KERNEL_EPILOGUE_H
#define SSHOST_LAYER_KERNEL_EPILOGUE_H

#include <cstdint>

namespace sshost::layer::kernel {

// Rows of `width` numbers each: output = act(products + bias + residual). Steps are from one row to the next.
struct Epilogue {
  const float* products;  // rows follow each other
  const float* bias;      // [width]
  const float* residual;  // as `output`, or null
  float* output;
  int64_t output_step;
  int64_t rows;
  int64_t width;
  bool relu;  // NaN stays NaN
};

void run_epilogue(const Epilogue& epilogue);

}  // namespace sshost::layer::kernel

#endif  // SSHOST_LAYER_KERNEL_EPILOGUE_H
