// The published implementation's numbers for deterministic weights and inputs.
#ifndef SSHOST_TESTS_PARITY_FIXTURE_H
#define SSHOST_TESTS_PARITY_FIXTURE_H

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>

#include "checkpoint/tensor_file.h"

namespace sshost::parity {

enum class Kind {
  kForward,    // the logits of one image
  kInference,  // the mean over several views: `mode` is in the metadata
  kTraining,   // some steps: X.train.json lies beside X.train.safetensors
};

struct Fixture {
  std::filesystem::path path;
  Kind kind;
  checkpoint::TensorFile file;
  std::uint64_t seed = 0;
  double gain = 0;
  nlohmann::json training;  // of kTraining: the steps, and how they were made

  // The metadata's text. Error where there is none.
  const std::string& text(const std::string& key) const;
  std::int64_t integer(const std::string& key) const;

  const at::Tensor& tensor(const std::string& name) const;

  // Of the logits or the memory that it holds; empty where it holds neither.
  std::optional<std::int64_t> classes() const;
};

// Throws Error that says what was expected where the file is missing or no fixture.
Fixture read_fixture(const std::filesystem::path& path);

}  // namespace sshost::parity

#endif  // SSHOST_TESTS_PARITY_FIXTURE_H
