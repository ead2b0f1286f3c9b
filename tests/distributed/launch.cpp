#include "distributed/launch.h"

#include <csignal>

#include "distributed/free_port.h"
#include "temp_folder.h"

namespace sshost::test {
namespace {

namespace fs = std::filesystem;

constexpr const char* kPipeline = R"(
run: [train]
seed: 3
plugins: [)" SSHOST_PLUGIN_DIR ", " SSHOST_TEST_PLUGIN_DIR R"(]
data:
  dataset: {type: synthetic, classes: 4, height: 32, width: 32, train_samples: 20, evaluate_samples: 5}
  train:
    transforms: [{type: random_crop, size: [24, 24]}, {type: random_flip}, {type: random_rotation}, {type: normalize}]
  evaluate: {transforms: [{type: normalize}]}
  workers: 1
model:
  backbone: {type: "null"}
  head: {type: fcn, channels: 8, convolutions: 2, dropout: 0}
  memory: {type: mcibi, channels: 8, transform_channels: 4, out_channels: 8, dropout: 0, consistency_loss: true}
  auxiliary: [{type: fcn, feature: 0, channels: 4, convolutions: 1, dropout: 0, loss_weight: 0.4}]
train:
  steps: 10
  batch_size: 4
  optimizer: {type: sgd, lr: 0.02}
  log_every: 1
  save_every: 0
evaluate: {batch_size: 2, report_images: 2}
distributed: {timeout: 60}
)";

}  // namespace

void write_pipeline(const fs::path& path) { write_bytes(path, kPipeline); }

Launch::Launch(const fs::path& folder, int count)
    : folder_(folder), port_(free_port()), ranks_(static_cast<size_t>(count)), has_ended_(static_cast<size_t>(count)) {}

Launch::Launch(const fs::path& folder, int count, const std::vector<std::string>& arguments) : Launch(folder, count) {
  for (int rank = 0; rank < count; ++rank) start(rank, arguments);
}

Launch::~Launch() {
  for (size_t rank = 0; rank < ranks_.size(); ++rank) {
    if (!ranks_[rank] || has_ended_[rank]) continue;
    ranks_[rank]->signal(SIGKILL);
    ranks_[rank]->wait();
  }
}

void Launch::start(int rank, const std::vector<std::string>& arguments,
                   const std::map<std::string, std::string>& more) {
  const fs::path own = folder_ / ("rank" + std::to_string(rank));
  fs::create_directories(own);
  std::map<std::string, std::string> environment = more;
  environment.insert({{"RANK", std::to_string(rank)},
                      {"WORLD_SIZE", std::to_string(ranks_.size())},
                      {"MASTER_ADDR", "127.0.0.1"},
                      {"MASTER_PORT", std::to_string(port_)},
                      {"OMP_NUM_THREADS", "1"}});
  ranks_[static_cast<size_t>(rank)] = std::make_unique<cli::Program>(own, SSHOST_PROGRAM, arguments, environment);
}

cli::Outcome Launch::wait(int rank) {
  has_ended_[static_cast<size_t>(rank)] = true;
  return this->rank(rank).wait();
}

std::vector<cli::Outcome> Launch::wait() {
  std::vector<cli::Outcome> outcomes;
  for (size_t rank = 0; rank < ranks_.size(); ++rank) outcomes.push_back(wait(static_cast<int>(rank)));
  return outcomes;
}

std::map<std::string, std::string> python_environment() {
  if (!fs::exists(fs::path(SSHOST_PYTHON_PACKAGES) / "torch/distributed/run.py")) return {};
  return {{"PYTHONPATH", SSHOST_PYTHON_PACKAGES}};
}

}  // namespace sshost::test
