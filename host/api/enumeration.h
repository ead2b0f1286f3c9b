#ifndef SSHOST_API_ENUMERATION_H
#define SSHOST_API_ENUMERATION_H

#include <cstdint>
#include <cstring>
#include <type_traits>

namespace sshost::api {

// The number that a caller's enumeration holds, which in C may be any. To look at one that is none of its values is
// undefined in C++: it is checked as this number first.
template <typename Enumeration>
int64_t number_of(const Enumeration& value) {
  std::underlying_type_t<Enumeration> number;
  static_assert(sizeof number == sizeof value);
  std::memcpy(&number, &value, sizeof number);
  return static_cast<int64_t>(number);
}

}  // namespace sshost::api

#endif  // SSHOST_API_ENUMERATION_H
