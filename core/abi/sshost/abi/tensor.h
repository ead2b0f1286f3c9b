/* Tensors: opaque, reference-counted handles to arrays that the host owns. Capability "ss.tensor/1".
 *
 * Ownership: a handle that a function returns through an `ss_tensor*` is the caller's, who releases it once. A handle
 * passed in is borrowed for the length of the call; retain it to keep it.
 * Threads: every function may be called on any thread.
 * Shapes are row-major; an image batch is [N, C, H, W]. */
#ifndef SSHOST_ABI_TENSOR_H
#define SSHOST_ABI_TENSOR_H

#include "status.h"

#define SS_TENSOR_1 "ss.tensor/1"

typedef struct ss_tensor_object* ss_tensor;

/* Element types. The numbers are part of the contract and are those of PyTorch's ScalarType, so that they can be passed
 * to operators that take a dtype. */
typedef int32_t ss_dtype;
enum {
  SS_UINT8 = 0,
  SS_INT8 = 1,
  SS_INT16 = 2,
  SS_INT32 = 3,
  SS_INT64 = 4,
  SS_FLOAT16 = 5,
  SS_FLOAT32 = 6,
  SS_FLOAT64 = 7,
  SS_BOOL = 11,
  SS_BFLOAT16 = 15
};

typedef struct ss_tensor_table {
  /* Adds to or takes from the handle's count; NULL is allowed and does nothing. */
  void (*retain)(ss_tensor tensor);
  void (*release)(ss_tensor tensor);

  /* Number of dimensions, elements, and the element type. */
  int32_t (*dim)(ss_tensor tensor);
  int64_t (*numel)(ss_tensor tensor);
  ss_dtype (*dtype)(ss_tensor tensor);

  /* The size of dimension `axis`, counted from the end where negative. */
  ss_status (*size)(ss_tensor tensor, int32_t axis, int64_t* out);

  /* A new tensor on the CPU, filled from `bytes` bytes at `data`, contiguous and row-major. The data is copied. */
  ss_status (*from_data)(const void* data, uint64_t bytes, const int64_t* sizes, int32_t dim, ss_dtype dtype,
                         ss_tensor* out);

  /* Copies the elements, contiguous and row-major, into `data`, which holds exactly `bytes` bytes; from any device. */
  ss_status (*to_data)(ss_tensor tensor, void* data, uint64_t bytes);
} ss_tensor_table;

SS_STATIC_ASSERT(sizeof(ss_tensor_table) == 8 * sizeof(void*), "ss.tensor/1 is frozen");

#endif
