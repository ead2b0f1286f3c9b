#ifndef SSHOST_CHECKPOINT_QUANTISED_FILE_H
#define SSHOST_CHECKPOINT_QUANTISED_FILE_H

#include <map>
#include <memory>
#include <string>

#include "checkpoint/tensor_file.h"
#include "checkpoint/tensor_index.h"
#include "state/quantisation.h"

namespace sshost::checkpoint {

// A checkpoint of a model that runs in int8 (state::Quantisation). Its metadata says how under kQuantisationKey, and the
// weights that it names are int8 in the file, each with a float32 tensor "<name>.int8_scale" [out] beside it. In memory a
// TensorFile has them as float32, without the scales.
inline constexpr const char* kQuantisationKey = "sshost.quantization";

// The entry of the metadata.
std::string format_quantisation(const state::Quantisation& quantisation);

// Null where there is no entry. Throws Error, with the file's `name`, where it is damaged.
std::shared_ptr<const state::Quantisation> read_quantisation(const std::map<std::string, std::string>& metadata,
                                                             const std::string& name);

// The tensors as they are stored, where the metadata has the entry.
void quantise(TensorFile& file);

// The tensors as they are in memory; `prefix` is what their names had before and lost (read_tensor_index). Throws Error
// where one is not int8, or has no scales.
void dequantise(TensorFile& file, const std::string& name, const std::string& prefix = {});

// The same of a file's index: names, shapes and types are those of what is read.
void dequantise(TensorIndex& index, const std::string& name);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_QUANTISED_FILE_H
