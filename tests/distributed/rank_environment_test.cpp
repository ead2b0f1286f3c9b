#include "distributed/rank_environment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "base/error.h"
#include "temp_folder.h"

namespace sshost::distributed {
namespace {

using test::message_of;
using testing::HasSubstr;

distributed::RankEnvironment read(const std::map<std::string, std::string>& variables) {
  return distributed::read_rank_environment([&](const std::string& name) -> std::optional<std::string> {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  });
}

std::string mistake_in(const std::map<std::string, std::string>& variables) {
  return message_of<UsageError>([&] { read(variables); });
}

TEST(RankEnvironment, WithoutVariablesTheProcessIsAlone) {
  EXPECT_EQ(read({}).count, 1);
  EXPECT_EQ(read({{"RANK", "0"}, {"WORLD_SIZE", "1"}}).count, 1);
  // Inside a batch script, but not started by srun.
  EXPECT_EQ(read({{"SLURM_PROCID", "0"}, {"SLURM_NTASKS", "4"}}).count, 1);
}

TEST(RankEnvironment, IsReadFromTorchrunsVariables) {
  const distributed::RankEnvironment found = read({{"RANK", "3"},
                                                   {"WORLD_SIZE", "4"},
                                                   {"LOCAL_RANK", "1"},
                                                   {"MASTER_ADDR", "node1"},
                                                   {"MASTER_PORT", "29501"},
                                                   {"TORCHELASTIC_USE_AGENT_STORE", "True"},
                                                   {"TORCHELASTIC_RESTART_COUNT", "2"}});
  EXPECT_EQ(found.rank, 3);
  EXPECT_EQ(found.count, 4);
  EXPECT_EQ(found.local_rank, 1);
  EXPECT_EQ(found.address, "node1");
  EXPECT_EQ(found.port, 29501);
  EXPECT_TRUE(found.launcher_keeps_store);
  EXPECT_EQ(found.attempt, "2");
  const distributed::RankEnvironment plain =
      read({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "localhost"}, {"MASTER_PORT", "1"}});
  EXPECT_FALSE(plain.launcher_keeps_store);
  EXPECT_FALSE(plain.local_rank);
  EXPECT_EQ(plain.port, 1);
  EXPECT_EQ(read({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "localhost"}}).port, 29500);
}

TEST(RankEnvironment, IsReadFromSrunsVariables) {
  std::map<std::string, std::string> variables = {{"SLURM_PROCID", "5"},        {"SLURM_STEP_NUM_TASKS", "8"},
                                                  {"SLURM_LOCALID", "1"},       {"SLURM_STEP_NODELIST", "gpu[07-10]"},
                                                  {"SLURM_JOB_ID", "30000001"}, {"SLURM_NTASKS", "8"}};
  const distributed::RankEnvironment found = read(variables);
  EXPECT_EQ(found.rank, 5);
  EXPECT_EQ(found.count, 8);
  EXPECT_EQ(found.local_rank, 1);
  EXPECT_EQ(found.address, "gpu07");
  EXPECT_EQ(found.port, 15001);
  EXPECT_FALSE(found.launcher_keeps_store);
  variables["MASTER_ADDR"] = "10.0.0.7";
  variables["MASTER_PORT"] = "4000";
  EXPECT_EQ(read(variables).address, "10.0.0.7");
  EXPECT_EQ(read(variables).port, 4000);
}

TEST(RankEnvironment, NamesWhatIsMissingOrWrong) {
  EXPECT_THAT(mistake_in({{"RANK", "0"}}), HasSubstr("not WORLD_SIZE"));
  EXPECT_THAT(mistake_in({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_PORT", "1"}}), HasSubstr("not MASTER_ADDR"));
  EXPECT_THAT(mistake_in({{"RANK", "2"}, {"WORLD_SIZE", "2"}}), HasSubstr("RANK: expected an integer in [0, 1]"));
  EXPECT_THAT(mistake_in({{"RANK", "0"}, {"WORLD_SIZE", "two"}}), HasSubstr("found \"two\""));
  EXPECT_THAT(mistake_in({{"RANK", "0"}, {"WORLD_SIZE", "2"}, {"MASTER_ADDR", "a"}, {"MASTER_PORT", "99999"}}),
              HasSubstr("MASTER_PORT"));
}

TEST(RankEnvironment, TheGpuIsThatOfTheNumberOnTheMachineAmongThoseThatAreShown) {
  distributed::RankEnvironment environment;
  EXPECT_EQ(distributed::own_gpu(environment, 4), 0);
  environment.local_rank = 3;
  EXPECT_EQ(distributed::own_gpu(environment, 4), 3);
  EXPECT_EQ(distributed::own_gpu(environment, 1), 0);  // srun --gpus-per-task=1
}

TEST(RankEnvironment, FindsTheFirstMachineOfSlurmsLists) {
  EXPECT_EQ(distributed::first_slurm_host("login"), "login");
  EXPECT_EQ(distributed::first_slurm_host("a1,b[2-3]"), "a1");
  EXPECT_EQ(distributed::first_slurm_host("node[03-05,9],login"), "node03");
  EXPECT_EQ(distributed::first_slurm_host("node[7,9-11]"), "node7");
  EXPECT_EQ(distributed::first_slurm_host("rack[2-3]node[11-12].local"), "rack2node11.local");
}

}  // namespace
}  // namespace sshost::distributed
