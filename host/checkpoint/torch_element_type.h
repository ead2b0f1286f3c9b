#ifndef SSHOST_CHECKPOINT_TORCH_ELEMENT_TYPE_H
#define SSHOST_CHECKPOINT_TORCH_ELEMENT_TYPE_H

#include <c10/core/ScalarType.h>

#include <algorithm>
#include <array>
#include <optional>

#include "checkpoint/element_type.h"

namespace sshost::checkpoint {

struct TorchElementType {
  ElementType stored;
  at::ScalarType type;
};

// Every element type of the file formats; LibTorch has them all.
inline constexpr std::array kTorchElementTypes = {
    TorchElementType{ElementType::f64, at::kDouble},
    TorchElementType{ElementType::f32, at::kFloat},
    TorchElementType{ElementType::f16, at::kHalf},
    TorchElementType{ElementType::bf16, at::kBFloat16},
    TorchElementType{ElementType::f8_e5m2, at::kFloat8_e5m2},
    TorchElementType{ElementType::f8_e4m3, at::kFloat8_e4m3fn},
    TorchElementType{ElementType::c128, at::kComplexDouble},
    TorchElementType{ElementType::c64, at::kComplexFloat},
    TorchElementType{ElementType::i64, at::kLong},
    TorchElementType{ElementType::i32, at::kInt},
    TorchElementType{ElementType::i16, at::kShort},
    TorchElementType{ElementType::i8, at::kChar},
    TorchElementType{ElementType::u64, at::kUInt64},
    TorchElementType{ElementType::u32, at::kUInt32},
    TorchElementType{ElementType::u16, at::kUInt16},
    TorchElementType{ElementType::u8, at::kByte},
    TorchElementType{ElementType::boolean, at::kBool},
};

inline at::ScalarType to_torch(ElementType stored) {
  return std::find_if(kTorchElementTypes.begin(), kTorchElementTypes.end(),
                      [&](const TorchElementType& known) { return known.stored == stored; })
      ->type;
}

// Empty for types that no file format has, such as quantised ones.
inline std::optional<ElementType> from_torch(at::ScalarType type) {
  for (const TorchElementType& known : kTorchElementTypes) {
    if (known.type == type) return known.stored;
  }
  return std::nullopt;
}

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_TORCH_ELEMENT_TYPE_H
