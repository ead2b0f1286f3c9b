// The part of a pipeline that says how processes train together.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/support.h"

namespace sshost::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

std::string with(const std::string& distributed) {
  return pipeline_text("{type: wide}", "distributed: " + distributed + "\n");
}

TEST(DistributedSection, IsExactUnlessThePipelineSaysOtherwise) {
  const DistributedConfig plain = read_text(pipeline_text()).distributed;
  EXPECT_EQ(plain.timeout, 600);
  EXPECT_TRUE(plain.sync_batch_norm);
  EXPECT_EQ(plain.memory_update, "sum");
  const DistributedConfig own =
      read_text(with("{timeout: 30, sync_batch_norm: false, memory_update: average}")).distributed;
  EXPECT_EQ(own.timeout, 30);
  EXPECT_FALSE(own.sync_batch_norm);
  EXPECT_EQ(own.memory_update, "average");
}

TEST(DistributedSection, RefusesWhatWouldNeverEnd) {
  EXPECT_THAT(errors_of(with("{timeout: 0}")), ElementsAre(HasSubstr("distributed.timeout")));
  EXPECT_THAT(errors_of(with("{memory_update: mean}")), ElementsAre(HasSubstr("distributed.memory_update")));
}

}  // namespace
}  // namespace sshost::config
