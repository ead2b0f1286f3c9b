#ifndef SSHOST_CHECKPOINT_SAFETENSORS_DTYPE_H
#define SSHOST_CHECKPOINT_SAFETENSORS_DTYPE_H

#include <c10/core/ScalarType.h>

#include <array>
#include <optional>
#include <string_view>

namespace sshost::checkpoint {

struct DtypeName {
  std::string_view name;  // in the header
  at::ScalarType type;
};

// Every element type of the format that LibTorch has too.
inline constexpr std::array kSafetensorsDtypes = {
    DtypeName{"F64", at::kDouble},
    DtypeName{"F32", at::kFloat},
    DtypeName{"F16", at::kHalf},
    DtypeName{"BF16", at::kBFloat16},
    DtypeName{"F8_E5M2", at::kFloat8_e5m2},
    DtypeName{"F8_E4M3", at::kFloat8_e4m3fn},
    DtypeName{"C64", at::kComplexFloat},
    DtypeName{"I64", at::kLong},
    DtypeName{"I32", at::kInt},
    DtypeName{"I16", at::kShort},
    DtypeName{"I8", at::kChar},
    DtypeName{"U64", at::kUInt64},
    DtypeName{"U32", at::kUInt32},
    DtypeName{"U16", at::kUInt16},
    DtypeName{"U8", at::kByte},
    DtypeName{"BOOL", at::kBool},
};

std::optional<at::ScalarType> dtype_of(std::string_view name);
std::optional<std::string_view> name_of(at::ScalarType type);

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_SAFETENSORS_DTYPE_H
