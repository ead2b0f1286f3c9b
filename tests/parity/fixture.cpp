#include "parity/fixture.h"

#include <exception>
#include <fstream>

#include "base/error.h"

namespace sshost::parity {
namespace {

constexpr double kGain = 5.0;  // where a fixture does not name one

std::string known_keys(const checkpoint::TensorFile& file) {
  std::string keys;
  for (const auto& [key, value] : file.metadata) keys += (keys.empty() ? "" : ", ") + key;
  return keys.empty() ? "nothing" : keys;
}

Kind kind_of(const Fixture& fixture) {
  if (fixture.file.find("labels.0") != nullptr) return Kind::kTraining;
  if (fixture.file.find("seg_logits") == nullptr) {
    throw Error(fixture.path.string() +
                ": expected the tensor seg_logits of a forward or inference fixture, or labels.0 " +
                "of a training one; found neither");
  }
  return fixture.file.metadata.contains("mode") ? Kind::kInference : Kind::kForward;
}

nlohmann::json read_json(const std::filesystem::path& path) {
  std::ifstream file(path);
  if (!file) throw Error(path.string() + ": cannot be read; expected the steps of the training fixture");
  try {
    return nlohmann::json::parse(file);
  } catch (const nlohmann::json::exception& error) {
    throw Error(path.string() + ": expected the steps of the training fixture: " + error.what());
  }
}

}  // namespace

const std::string& Fixture::text(const std::string& key) const {
  const auto found = file.metadata.find(key);
  if (found != file.metadata.end()) return found->second;
  throw Error(path.string() + ": expected \"" + key + "\" in the metadata, found " + known_keys(file));
}

std::int64_t Fixture::integer(const std::string& key) const {
  try {
    return std::stoll(text(key));
  } catch (const std::logic_error&) {
    throw Error(path.string() + ": expected a number as \"" + key + "\" of the metadata, found \"" + text(key) + "\"");
  }
}

const at::Tensor& Fixture::tensor(const std::string& name) const {
  const at::Tensor* found = file.find(name);
  if (found == nullptr) throw Error(path.string() + ": expected the tensor " + name + ", found none");
  return *found;
}

std::optional<std::int64_t> Fixture::classes() const {
  if (const at::Tensor* logits = file.find("seg_logits")) return logits->size(1);
  if (const at::Tensor* memory = file.find("memory.0")) return memory->size(0);
  return std::nullopt;
}

Fixture read_fixture(const std::filesystem::path& path) {
  Fixture fixture{path, Kind::kForward, checkpoint::read_tensor_file(path), 0, kGain, {}};
  fixture.kind = kind_of(fixture);
  fixture.seed = std::stoull(fixture.text("seed"));
  if (fixture.file.metadata.contains("gain")) fixture.gain = std::stod(fixture.text("gain"));
  if (fixture.kind == Kind::kTraining) {
    fixture.training = read_json(std::filesystem::path(path).replace_extension(".json"));
  }
  return fixture;
}

}  // namespace sshost::parity
