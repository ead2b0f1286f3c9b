#include "distributed/cuda_transport.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace sshost::distributed {
namespace {

using testing::StartsWith;

TEST(CudaTransport, IsNcclWhereEachRankHasAGpuOfItsOwn) {
  const distributed::CudaTransport chosen = distributed::choose_cuda_transport({"GPU-a", "GPU-b", "GPU-c"});
  EXPECT_TRUE(chosen.is_nccl);
  EXPECT_EQ(chosen.why_not_nccl, "");
}

TEST(CudaTransport, IsGlooWhereRanksShareAGpu) {
  const distributed::CudaTransport chosen = distributed::choose_cuda_transport({"GPU-a", "GPU-b", "GPU-c", "GPU-b"});
  EXPECT_FALSE(chosen.is_nccl);
  EXPECT_THAT(chosen.why_not_nccl, StartsWith("ranks 1 and 3 share a GPU"));
}

TEST(CudaTransport, IsGlooWhereOneRankHasNoNccl) {
  const distributed::CudaTransport chosen = distributed::choose_cuda_transport({"GPU-a", kNoGpu, "GPU-c"});
  EXPECT_FALSE(chosen.is_nccl);
  EXPECT_THAT(chosen.why_not_nccl, StartsWith("rank 1 has no GPU"));
  EXPECT_FALSE(distributed::choose_cuda_transport({kNoGpu, kNoGpu}).is_nccl) << "two that have none share nothing";
}

}  // namespace
}  // namespace sshost::distributed
