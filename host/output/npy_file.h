#ifndef SSHOST_OUTPUT_NPY_FILE_H
#define SSHOST_OUTPUT_NPY_FILE_H

#include <ATen/core/Tensor.h>

#include <filesystem>

namespace sshost::output {

// Writes a float32 or float16 tensor as NumPy's .npy (format 1.0, little endian, C order): `numpy.load(path)` has its
// shape. Replaces a whole file or fails with an Error that names the path.
void write_npy(const std::filesystem::path& path, const at::Tensor& tensor);

}  // namespace sshost::output

#endif  // SSHOST_OUTPUT_NPY_FILE_H
