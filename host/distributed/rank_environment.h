#ifndef SSHOST_DISTRIBUTED_RANK_ENVIRONMENT_H
#define SSHOST_DISTRIBUTED_RANK_ENVIRONMENT_H

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

namespace sshost::distributed {

// Which of several processes this one is, and where they meet.
struct RankEnvironment {
  int64_t rank = 0;
  int64_t count = 1;                  // of ranks
  std::optional<int64_t> local_rank;  // among those on this machine, where it is known
  std::string address;                // of rank 0's machine
  uint16_t port = 0;                  // there
  bool launcher_keeps_store = false;  // torchrun's agent listens there, instead of rank 0
  std::string attempt = "0";          // torchrun starts all ranks again where one failed
};

// Returns the value of an environment variable, or nullopt if it is not set.
using Variables = std::function<std::optional<std::string>(const std::string& name)>;
std::optional<std::string> environment_variable(const std::string& name);

// From RANK, WORLD_SIZE, LOCAL_RANK, MASTER_ADDR and MASTER_PORT, which torchrun sets (without MASTER_PORT: 29500,
// which PyTorch's launchers take); else, in a step of srun, from SLURM's variables (MASTER_ADDR and MASTER_PORT, where
// they are set, go before what follows from the job). Without either the process is alone. Throws UsageError that names
// what is missing or wrong.
RankEnvironment read_rank_environment(const Variables& variables = environment_variable);

// Which of the `visible` GPUs, at least one, is this process' own: that of its number on its machine. A launcher may
// show each process its own ones alone, all numbered from 0 (srun --gpus-per-task), so that numbers beyond them wrap
// around.
int64_t own_gpu(const RankEnvironment& environment, int64_t visible);

// The first machine of SLURM's list: "node[03-05,9],login" -> "node03".
std::string first_slurm_host(const std::string& list);

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_RANK_ENVIRONMENT_H
