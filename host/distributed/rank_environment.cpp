#include "distributed/rank_environment.h"

#include <charconv>
#include <cstdlib>

#include "base/error.h"

namespace sshost::distributed {
namespace {

int64_t integer(const std::string& name, const std::string& text, int64_t least, int64_t most) {
  int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error == std::errc() && end == text.data() + text.size() && value >= least && value <= most) return value;
  throw UsageError(name + ": expected an integer in [" + std::to_string(least) + ", " + std::to_string(most) +
                   "], found \"" + text + "\"");
}

constexpr int64_t kMostRanks = 1'000'000;
constexpr int64_t kMostPort = 65535;
constexpr int64_t kUsualPort = 29500;  // of PyTorch's launchers

class Reader {
 public:
  explicit Reader(const Variables& variables) : variables_(variables) {}

  RankEnvironment read() const {
    if (variables_("RANK") || variables_("WORLD_SIZE")) return from_torchrun();
    if (variables_("SLURM_STEP_NUM_TASKS") && variables_("SLURM_PROCID")) return from_slurm();
    return {};
  }

 private:
  std::string required(const std::string& name) const {
    if (auto value = variables_(name)) return *value;
    throw UsageError("the environment has RANK or WORLD_SIZE, but not " + name +
                     "; torchrun sets them all, and by hand it takes RANK, WORLD_SIZE and MASTER_ADDR");
  }

  int64_t required(const std::string& name, int64_t least, int64_t most) const {
    return integer(name, required(name), least, most);
  }

  void read_ranks(RankEnvironment& found, const char* rank, const char* count, const char* local_rank) const {
    found.count = required(count, 1, kMostRanks);
    found.rank = required(rank, 0, found.count - 1);
    if (const auto local = variables_(local_rank)) found.local_rank = integer(local_rank, *local, 0, found.count - 1);
  }

  std::optional<int64_t> port() const {
    const auto port = variables_("MASTER_PORT");
    return port ? std::optional(integer("MASTER_PORT", *port, 1, kMostPort)) : std::nullopt;
  }

  RankEnvironment from_torchrun() const {
    RankEnvironment found;
    read_ranks(found, "RANK", "WORLD_SIZE", "LOCAL_RANK");
    if (found.count == 1) return found;
    found.address = required("MASTER_ADDR");
    found.port = static_cast<uint16_t>(port().value_or(kUsualPort));
    found.launcher_keeps_store = variables_("TORCHELASTIC_USE_AGENT_STORE") == "True";
    found.attempt = variables_("TORCHELASTIC_RESTART_COUNT").value_or("0");
    return found;
  }

  RankEnvironment from_slurm() const {
    RankEnvironment found;
    read_ranks(found, "SLURM_PROCID", "SLURM_STEP_NUM_TASKS", "SLURM_LOCALID");
    if (found.count == 1) return found;
    const auto address = variables_("MASTER_ADDR");
    const auto nodes = variables_("SLURM_STEP_NODELIST");
    if (!address && !nodes) throw UsageError("srun gives neither SLURM_STEP_NODELIST nor MASTER_ADDR");
    found.address = address ? *address : first_slurm_host(*nodes);
    found.port = static_cast<uint16_t>(slurm_port());
    return found;
  }

  // Jobs that share a machine get different ports, below those that Linux hands out by itself.
  int64_t slurm_port() const {
    constexpr int64_t kFirst = 15000;
    constexpr int64_t kPorts = 15000;
    if (const auto given = port()) return *given;
    const std::string job = variables_("SLURM_JOB_ID").value_or("0");
    return kFirst + integer("SLURM_JOB_ID", job, 0, INT64_MAX) % kPorts;
  }

  const Variables& variables_;
};

}  // namespace

std::optional<std::string> environment_variable(const std::string& name) {
  const char* value = std::getenv(name.c_str());
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

RankEnvironment read_rank_environment(const Variables& variables) { return Reader(variables).read(); }

int64_t own_gpu(const RankEnvironment& environment, int64_t visible) {
  return environment.local_rank.value_or(0) % visible;
}

std::string first_slurm_host(const std::string& list) {
  std::string host;
  bool chosen = false;  // inside brackets: the first of what they list has been read
  bool inside = false;
  for (const char letter : list) {
    if (letter == ',' && !inside) break;
    if (letter == '[' || letter == ']') {
      inside = letter == '[';
      chosen = false;
      continue;
    }
    if (inside && (letter == ',' || letter == '-')) chosen = true;
    if (!chosen) host += letter;
  }
  return host;
}

}  // namespace sshost::distributed
