#ifndef SSHOST_CHECKPOINT_ELEMENT_TYPE_H
#define SSHOST_CHECKPOINT_ELEMENT_TYPE_H

#include <cstdint>
#include <optional>
#include <string_view>

namespace sshost::checkpoint {

// What the elements of a stored tensor are, in every file format.
enum class ElementType : uint8_t {
  f64,
  f32,
  f16,
  bf16,
  f8_e5m2,
  f8_e4m3,
  c128,
  c64,
  i64,
  i32,
  i16,
  i8,
  u64,
  u32,
  u16,
  u8,
  boolean
};

uint64_t bytes_of(ElementType type);

// As PyTorch calls it: "float32".
std::string_view name_of(ElementType type);

// Empty where the format has no such name: safetensors' "F32", PyTorch's "float32", its storage class "FloatStorage".
std::optional<ElementType> safetensors_type(std::string_view name);
std::optional<ElementType> torch_type(std::string_view name);
std::optional<ElementType> storage_class_type(std::string_view name);

// Whether files of torch.save name storages of the type by a class; others need a newer form.
bool has_storage_class(ElementType type);

// Empty for a type that safetensors does not have.
std::string_view safetensors_name(ElementType type);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_ELEMENT_TYPE_H
