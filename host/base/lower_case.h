#ifndef SSHOST_BASE_LOWER_CASE_H
#define SSHOST_BASE_LOWER_CASE_H

#include <string>
#include <string_view>

namespace sshost {

// With the small letters of ASCII for its capitals.
std::string lower_case(std::string_view text);

}  // namespace sshost

#endif  // SSHOST_BASE_LOWER_CASE_H
