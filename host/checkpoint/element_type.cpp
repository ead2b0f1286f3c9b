#include "checkpoint/element_type.h"

#include <algorithm>
#include <array>

namespace sshost::checkpoint {
namespace {

struct Names {
  ElementType type;
  uint8_t bytes;
  std::string_view torch, storage_class, safetensors;  // the last two may be empty
};

// In the order of the enumeration.
constexpr std::array kTypes = {
    Names{ElementType::f64, 8, "float64", "DoubleStorage", "F64"},
    Names{ElementType::f32, 4, "float32", "FloatStorage", "F32"},
    Names{ElementType::f16, 2, "float16", "HalfStorage", "F16"},
    Names{ElementType::bf16, 2, "bfloat16", "BFloat16Storage", "BF16"},
    Names{ElementType::f8_e5m2, 1, "float8_e5m2", "", "F8_E5M2"},
    Names{ElementType::f8_e4m3, 1, "float8_e4m3fn", "", "F8_E4M3"},
    Names{ElementType::c128, 16, "complex128", "ComplexDoubleStorage", ""},
    Names{ElementType::c64, 8, "complex64", "ComplexFloatStorage", "C64"},
    Names{ElementType::i64, 8, "int64", "LongStorage", "I64"},
    Names{ElementType::i32, 4, "int32", "IntStorage", "I32"},
    Names{ElementType::i16, 2, "int16", "ShortStorage", "I16"},
    Names{ElementType::i8, 1, "int8", "CharStorage", "I8"},
    Names{ElementType::u64, 8, "uint64", "", "U64"},
    Names{ElementType::u32, 4, "uint32", "", "U32"},
    Names{ElementType::u16, 2, "uint16", "", "U16"},
    Names{ElementType::u8, 1, "uint8", "ByteStorage", "U8"},
    Names{ElementType::boolean, 1, "bool", "BoolStorage", "BOOL"},
};

const Names& names_of(ElementType type) { return kTypes[static_cast<size_t>(type)]; }

std::optional<ElementType> find(std::string_view Names::*member, std::string_view name) {
  const auto* found =
      std::find_if(kTypes.begin(), kTypes.end(), [&](const Names& names) { return names.*member == name; });
  if (name.empty() || found == kTypes.end()) return std::nullopt;
  return found->type;
}

}  // namespace

uint64_t bytes_of(ElementType type) { return names_of(type).bytes; }
std::string_view name_of(ElementType type) { return names_of(type).torch; }
std::string_view safetensors_name(ElementType type) { return names_of(type).safetensors; }

bool has_storage_class(ElementType type) { return !names_of(type).storage_class.empty(); }

std::optional<ElementType> safetensors_type(std::string_view name) { return find(&Names::safetensors, name); }
std::optional<ElementType> torch_type(std::string_view name) { return find(&Names::torch, name); }
std::optional<ElementType> storage_class_type(std::string_view name) { return find(&Names::storage_class, name); }

}  // namespace sshost::checkpoint
