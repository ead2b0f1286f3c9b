#ifndef SSHOST_TESTS_CLI_CHECKPOINT_METADATA_H
#define SSHOST_TESTS_CLI_CHECKPOINT_METADATA_H

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>

#include "temp_folder.h"

namespace sshost::cli {

// The header of a safetensors file, changed, and the checksums left out, which tell damage: what anybody can do who
// passes one on.
inline void edit_header(const std::filesystem::path& file, const std::function<void(nlohmann::json&)>& edit) {
  const std::string bytes = test::read_bytes(file);
  uint64_t size = 0;
  std::memcpy(&size, bytes.data(), sizeof size);
  nlohmann::json header = nlohmann::json::parse(bytes.substr(sizeof size, size));
  header.at("__metadata__").erase("sshost.checksums");
  edit(header);
  std::string text = header.dump();
  text.resize((text.size() + 7) / 8 * 8, ' ');
  const uint64_t new_size = text.size();
  const std::string length(reinterpret_cast<const char*>(&new_size), sizeof new_size);
  test::write_bytes(file, length + text + bytes.substr(sizeof size + size));
}

// The same for its metadata.
inline void edit_metadata(const std::filesystem::path& file, const std::function<void(nlohmann::json&)>& edit) {
  edit_header(file, [&](nlohmann::json& header) { edit(header.at("__metadata__")); });
}

// The same for the pipeline in it, which is YAML with one key a line: what matches `pattern` becomes `text`.
inline void edit_pipeline(const std::filesystem::path& file, const std::string& pattern, const std::string& text) {
  edit_metadata(file, [&](nlohmann::json& metadata) {
    const auto before = metadata.at("sshost.pipeline").get<std::string>();
    metadata["sshost.pipeline"] =
        std::regex_replace(before, std::regex(pattern), text, std::regex_constants::format_sed);
    ASSERT_NE(metadata["sshost.pipeline"], before);
  });
}

}  // namespace sshost::cli

#endif  // SSHOST_TESTS_CLI_CHECKPOINT_METADATA_H
