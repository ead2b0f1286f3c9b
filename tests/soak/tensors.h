// The tensors of a safetensors file.
#ifndef SSHOST_TESTS_SOAK_TENSORS_H
#define SSHOST_TESTS_SOAK_TENSORS_H

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>

#include "temp_folder.h"

namespace sshost::soak {

// Their table, and their bytes. The metadata beside them names the run's folder.
struct Tensors {
  nlohmann::json table;
  std::string bytes;
  bool operator==(const Tensors&) const = default;
};

// Throws where the file is not whole.
inline Tensors tensors_of(const std::filesystem::path& path) {
  const std::string file = test::read_bytes(path);
  uint64_t length = 0;
  if (file.size() < sizeof length) throw std::runtime_error(path.string() + ": it is cut off");
  std::memcpy(&length, file.data(), sizeof length);
  nlohmann::json table = nlohmann::json::parse(file.substr(sizeof length, length));
  table.erase("__metadata__");
  return {std::move(table), file.substr(sizeof length + length)};
}

}  // namespace sshost::soak

#endif  // SSHOST_TESTS_SOAK_TENSORS_H
