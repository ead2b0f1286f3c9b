#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/pipeline.h"
#include "config/schema.h"
#include "run/host_types.h"

namespace sshost::config {
namespace {

using testing::HasSubstr;

TEST(Describe, PrintsAnAlignedTable) {
  const Schema schema(
      {integer("channels", "512", "width of every branch").at_least(1),
       integer("dilations", "[1, 12]", "of the branches").list(1),
       real("dropout", "0.1", "before the classifier").between(0, 1),
       string("mode", "mean", "how it is updated").one_of({"mean", "cosine"}), path("root", "", "folder").required(),
       structure("norm", Schema({boolean("train", "true", "statistics of the batch")}), "of each").nullable()});
  EXPECT_EQ(describe(schema.abi()),
            "  option     type                          default   meaning\n"
            "  channels   integer >= 1                  512       width of every branch\n"
            "  dilations  list of integers, at least 1  [1, 12]   of the branches\n"
            "  dropout    number in [0, 1]              0.1       before the classifier\n"
            "  mode       mean | cosine                 mean      how it is updated\n"
            "  root       path                          required  folder\n"
            "  norm       map, or null                  null      of each\n"
            "    train    true or false                 true      statistics of the batch\n");
}

TEST(Describe, ASchemaWithoutOptionsIsEmpty) { EXPECT_EQ(describe(Schema({}).abi()), ""); }

TEST(Describe, ThePipelinesHelpNamesEveryPart) {
  const std::string help = describe_pipeline(run::host_types());
  for (const char* part : {"extends", "batch_size", "backbone", "loss_weight", "random_crop", "warmup", "save_every"}) {
    EXPECT_THAT(help, HasSubstr(part));
  }
}

}  // namespace
}  // namespace sshost::config
