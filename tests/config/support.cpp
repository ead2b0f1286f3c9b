#include "config/support.h"

#include <gtest/gtest.h>
#include <sshost/abi/backbone.h>
#include <sshost/abi/dataset.h>
#include <sshost/abi/head.h>
#include <sshost/abi/loss.h>
#include <sshost/abi/memory.h>
#include <sshost/abi/transform.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <sstream>

#include "base/error.h"
#include "config/nearest.h"
#include "run/host_types.h"

namespace sshost::config {

namespace fs = std::filesystem;

TemporaryFolder::TemporaryFolder() {
  std::string name = (fs::temp_directory_path() / "sshost-config-XXXXXX").string();
  if (!mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TemporaryFolder::~TemporaryFolder() { fs::remove_all(path_); }

std::string TemporaryFolder::write(const std::string& name, const std::string& text) const {
  const fs::path file = path_ / name;
  fs::create_directories(file.parent_path());
  std::ofstream(file) << text;
  return file.string();
}

namespace {

using Types = std::map<std::string, Schema, std::less<>>;

Types heads() {
  Types types;
  types.emplace("wide", Schema({integer("channels", "512", "width").at_least(1),
                                integer("dilations", "[1, 12, 24, 36]", "of each branch").list(1).at_least(1),
                                real("dropout", "0.1", "before the classifier").between(0, 1)}));
  types.emplace("thin", Schema({integer("channels", "256", "width").between(1, 1024),
                                string("mode", "sum", "how branches join").one_of({"sum", "concat"}),
                                integer("dilations", "", "one for all").nullable()}));
  return types;
}

const Types& types_of(std::string_view kind) {
  static const std::map<std::string, Types, std::less<>> all = [] {
    std::map<std::string, Types, std::less<>> kinds;
    kinds[SS_HEAD_1] = heads();
    kinds[SS_BACKBONE_1].emplace("net", Schema({integer("depth", "50", "layers").required()}));
    kinds[SS_BACKBONE_1].emplace("other", Schema({integer("depth", "18", "layers")}));
    kinds[SS_MEMORY_1].emplace("recall", Schema({real("momentum", "0.9", "of the update")}));
    kinds[SS_DATASET_1].emplace("shapes", Schema({path("root", "", "folder"), integer("count", "8", "images")}));
    kinds[SS_TRANSFORM_1].emplace("warp", Schema({real("strength", "4", "pixels").at_least(0)}));
    kinds[SS_LOSS_1].emplace("hinge", Schema({real("margin", "1", "of the logits").at_least(0)}));
    return kinds;
  }();
  return all.at(std::string(kind));
}

Pipeline read(const std::string& text, const std::vector<std::string>& overrides, Problems& problems) {
  const Node root = load_pipeline_text(text, "p.yaml", overrides, problems);
  return read_pipeline(root, test_schemas, run::host_types(), problems);
}

}  // namespace

const ss_schema* test_schemas(std::string_view kind, std::string_view type) {
  const Types& types = types_of(kind);
  const auto found = types.find(type);
  if (found == types.end()) throw UsageError("no such type: " + std::string(type));
  return &found->second.abi();
}

Pipeline read_text(const std::string& text, const std::vector<std::string>& overrides) {
  Problems problems;
  return read(text, overrides, problems);
}

std::vector<std::string> notices_of(const std::string& text, const std::vector<std::string>& overrides) {
  Problems problems;
  read(text, overrides, problems);
  return problems.notices();
}

std::vector<std::string> errors_of(const std::string& text, const std::vector<std::string>& overrides) {
  std::vector<std::string> lines;
  try {
    read_text(text, overrides);
  } catch (const UsageError& error) {
    std::istringstream stream(error.what());
    for (std::string line; std::getline(stream, line);) lines.push_back(line);
  }
  return lines;
}

std::string pipeline_text(const std::string& head, const std::string& rest) {
  return "data:\n  dataset: {type: shapes}\nmodel:\n  backbone: {type: net, depth: 50}\n  head: " + head +
         "\ntrain: {steps: 10}\n" + rest;
}

}  // namespace sshost::config
