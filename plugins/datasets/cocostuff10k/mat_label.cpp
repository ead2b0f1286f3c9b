#include "mat_label.h"

#include <dlfcn.h>
#include <matio.h>

#include <sshost/error.hpp>

#include <memory>
#include <mutex>

namespace cocostuff10k {

namespace {

constexpr const char* kVariable = "S";

[[noreturn]] void refuse(const std::string& path, const std::string& reason) {
  throw ss::Error("label " + path + ": " + reason, SS_IO);
}

// The library's functions. It is loaded for the first file, not with the plugin: three dozen libraries come with it,
// from HDF5 on, which nobody else has to wait for.
class Matio {
 public:
  explicit Matio(const std::string& path) : library_(dlopen(SSHOST_MATIO_SONAME, RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) refuse(path, std::string("MATLAB files need the library libmatio: ") + dlerror());
    find(open, "Mat_Open", path);
    find(close, "Mat_Close", path);
    find(read, "Mat_VarRead", path);
    find(release, "Mat_VarFree", path);
  }

  decltype(&Mat_Open) open;
  decltype(&Mat_Close) close;
  decltype(&Mat_VarRead) read;
  decltype(&Mat_VarFree) release;

 private:
  template <class Function>
  void find(Function& function, const char* name, const std::string& path) {
    function = reinterpret_cast<Function>(dlsym(library_, name));
    if (function == nullptr) refuse(path, std::string(SSHOST_MATIO_SONAME " has no function ") + name);
  }

  void* library_;  // stays
};

using Variable = std::unique_ptr<matvar_t, decltype(&Mat_VarFree)>;

Variable read_variable(const std::string& path) {
  static std::mutex one_at_a_time;  // HDF5, below the newer files, may have been built without threads
  const std::lock_guard lock(one_at_a_time);
  static const Matio matio(path);
  const std::unique_ptr<mat_t, decltype(&Mat_Close)> file(matio.open(path.c_str(), MAT_ACC_RDONLY), matio.close);
  if (!file) refuse(path, "cannot be opened as a MATLAB file");
  Variable variable(matio.read(file.get(), kVariable), matio.release);
  if (!variable || variable->data == nullptr) refuse(path, "has no readable variable S");
  return variable;
}

}  // namespace

MatLabel read_mat_label(const std::string& path) {
  const Variable variable = read_variable(path);
  if (variable->class_type != MAT_C_UINT8 || variable->rank != 2) {
    refuse(path, "S is expected to be a matrix of uint8, found class " + std::to_string(variable->class_type) +
                     " with " + std::to_string(variable->rank) + " dimensions");
  }
  const std::size_t height = variable->dims[0];
  const std::size_t width = variable->dims[1];
  if (variable->nbytes != height * width) refuse(path, "S is shorter than its dimensions say");

  MatLabel label{static_cast<int64_t>(height), static_cast<int64_t>(width), std::vector<uint8_t>(height * width)};
  const auto* columns = static_cast<const uint8_t*>(variable->data);  // MATLAB keeps one column behind the other
  for (std::size_t x = 0; x < width; ++x) {
    for (std::size_t y = 0; y < height; ++y) label.numbers[y * width + x] = columns[x * height + y];
  }
  return label;
}

}  // namespace cocostuff10k
