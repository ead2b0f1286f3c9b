#include "file/real_path.h"

#include <system_error>

namespace sshost::file {

namespace fs = std::filesystem;

fs::path real_path(const fs::path& path) {
  std::error_code failed;
  fs::path real = fs::weakly_canonical(path, failed);
  if (!failed) return real;
  fs::path absolute = fs::absolute(path, failed);
  return (failed ? path : absolute).lexically_normal();
}

}  // namespace sshost::file
