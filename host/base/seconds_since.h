#ifndef SSHOST_BASE_SECONDS_SINCE_H
#define SSHOST_BASE_SECONDS_SINCE_H

#include <chrono>

namespace sshost {

inline double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace sshost

#endif  // SSHOST_BASE_SECONDS_SINCE_H
