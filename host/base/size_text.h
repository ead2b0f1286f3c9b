#ifndef SSHOST_BASE_SIZE_TEXT_H
#define SSHOST_BASE_SIZE_TEXT_H

#include <cstdint>
#include <string>

namespace sshost {

// A size as a pipeline writes it, and as every message shows one: "{height: 480, width: 640}".
std::string size_text(int64_t height, int64_t width);

}  // namespace sshost

#endif  // SSHOST_BASE_SIZE_TEXT_H
