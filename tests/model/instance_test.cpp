#include "model/instance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sshost/abi/head.h>

#include "base/error.h"
#include "bridge/boundary.h"
#include "temp_folder.h"

namespace sshost::test {
namespace {

using model::Instance;
using testing::AllOf;
using testing::HasSubstr;

constexpr ss_checkpoint_names_table kEmpty = {};
constexpr ss_checkpoint_names_table kEndless = {
    [](void*, ss_string*, uint32_t* count) {
      *count = UINT32_MAX;
      return static_cast<ss_status>(SS_TOO_SMALL);
    },
    [](void*, const ss_names_query*, const ss_name_sink*) { return static_cast<ss_status>(SS_OK); }};

// A component whose only capability is this table.
template <const ss_checkpoint_names_table& kTable>
std::unique_ptr<Instance> instance_with() {
  static const ss_component descriptor = {.size = sizeof(ss_component),
                                          .reserved = 0,
                                          .kind = bridge::to_ss_string(SS_HEAD_1),
                                          .name = bridge::to_ss_string("odd"),
                                          .text = bridge::to_ss_string(""),
                                          .options = nullptr,
                                          .table = nullptr,
                                          .get = [](ss_string) -> const void* { return &kTable; }};
  plugin::Component component;
  component.descriptor = &descriptor;
  component.path = "/plugins/odd.so";
  state::StateStore store;
  state::Builder builder(store, "head", at::Generator());
  return std::make_unique<Instance>(
      component, "head", builder, [](ss_builder, void**) { return static_cast<ss_status>(SS_OK); }, [](void*) {});
}

TEST(Instance, RefusesATableOfNamesWithoutFunctions) {
  EXPECT_THAT(message_of<Error>([] { instance_with<kEmpty>(); }),
              AllOf(HasSubstr("head odd (/plugins/odd.so)"), HasSubstr("ss.checkpoint_names/1"), HasSubstr("NULL")));
}

TEST(Instance, RefusesAListThatIsTooLongToBeOne) {
  const auto instance = instance_with<kEndless>();
  EXPECT_THAT(message_of<Error>([&] { instance->formats(); }),
              AllOf(HasSubstr("head odd"), HasSubstr("expected at most 4096 elements, found 4294967295")));
}

}  // namespace
}  // namespace sshost::test
