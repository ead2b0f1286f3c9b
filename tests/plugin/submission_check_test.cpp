#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "plugin/descriptor.h"
#include "plugin/support.h"
#include "plugin/text.h"
#include "sshost/abi/submission.h"

namespace sshost::plugin {
namespace {

using testing::HasSubstr;

const ss_submission_table* offered = nullptr;  // by the data set that is checked

// A data set with a right layout, each part of which a test can spoil.
struct WithLayout {
  WithLayout() { offered = &table; }
  WithLayout(const WithLayout&) = delete;
  WithLayout& operator=(const WithLayout&) = delete;
  ~WithLayout() { offered = nullptr; }

  std::string reason() const {
    ss_dataset_table functions{};
    functions.create = [](ss_options, const ss_dataset_spec*, void**) -> ss_status { return SS_OK; };
    functions.destroy = [](void*) {};
    functions.info = [](void*, ss_dataset_info*) -> ss_status { return SS_OK; };
    functions.count = [](void*) -> int64_t { return 0; };
    functions.describe = [](void*, int64_t, ss_sample_info*) -> ss_status { return SS_OK; };
    functions.open_reader = [](void*, void**) -> ss_status { return SS_OK; };
    functions.close_reader = [](void*, void*) {};
    functions.read = [](void*, void*, int64_t, const ss_random*, const ss_sample_sink*) -> ss_status { return SS_OK; };
    const auto get = [](ss_string id) -> const void* {
      return view(id) == SS_DATASET_SUBMISSION_1 ? offered : nullptr;
    };
    const ss_component component{sizeof component, 0,       to_abi(SS_DATASET_1), to_abi("pets"),
                                 to_abi("help"),   nullptr, &functions,           get};
    const ss_component* const components[] = {&component};
    const ss_plugin plugin{sizeof plugin, 1, to_abi("pets"), to_abi("1"), components, nullptr, nullptr, 0, 0};
    return message_of([&] { check_descriptor(&plugin); });
  }
  std::string reason_of_name(std::string_view name) {
    layout.name = to_abi(name);
    return reason();
  }

  ss_submission_layout layout{sizeof layout,
                              SS_SUBMISSION_PNG8,
                              to_abi("pets"),
                              to_abi("help"),
                              nullptr,
                              [](void*, const ss_string*, uint32_t, int32_t*) -> ss_status { return SS_OK; },
                              [](void*, ss_string, const ss_text_sink*) -> ss_status { return SS_OK; }};
  const ss_submission_layout* layouts[2] = {&layout, &layout};
  ss_submission_table table{layouts, 1, 0};
};

TEST(SubmissionLayouts, RightOnesAreAcceptedAndLaterOnesToo) {
  EXPECT_EQ(WithLayout().reason(), "");
  WithLayout later;
  later.layout.size += 64;
  later.layout.kind = 99;  // refused where it is to be written: other formats work
  EXPECT_EQ(later.reason(), "");
  WithLayout none;
  none.table = {nullptr, 0, 0};
  EXPECT_EQ(none.reason(), "");
}

TEST(SubmissionLayouts, AreRefusedByNameWhereAPointerIsNull) {
  WithLayout list, layout, values, file_name, name, help;
  const auto reason = [](WithLayout& each) {
    offered = &each.table;
    return each.reason();
  };
  list.table.layouts = nullptr;
  EXPECT_THAT(reason(list), HasSubstr("the list of submission layouts of ss.dataset/1 \"pets\" is a null pointer"));
  layout.layouts[0] = nullptr;
  EXPECT_THAT(reason(layout), HasSubstr("submission layout 0 of ss.dataset/1 \"pets\" is a null pointer"));
  values.layout.values = nullptr;
  EXPECT_THAT(reason(values), HasSubstr("function `values` of submission layout \"pets\" of ss.dataset/1 \"pets\""));
  file_name.layout.file_name = nullptr;
  EXPECT_THAT(reason(file_name), HasSubstr("function `file_name` of submission layout \"pets\""));
  name.layout.name = {nullptr, 4};
  EXPECT_THAT(reason(name), HasSubstr("the name of submission layout 0 of ss.dataset/1 \"pets\" is a null pointer"));
  help.layout.text = {nullptr, 4};
  EXPECT_THAT(reason(help), HasSubstr("the help of submission layout \"pets\""));
}

TEST(SubmissionLayouts, AreRefusedByNameWhereANameIsNoFolder) {
  WithLayout with;
  for (const char* name : {"", "a/b", "..", ".", ".hidden", "a\\b", "a b", "a:b", "t\xff", "a\nb"}) {
    EXPECT_THAT(with.reason_of_name(name), HasSubstr("the name of submission layout 0")) << name;
  }
  EXPECT_THAT(with.reason_of_name(std::string(101, 'x')), HasSubstr("has 101 bytes"));
  with.layout.name = {"x", uint64_t{1} << 40};
  EXPECT_THAT(with.reason(), HasSubstr("1099511627776 bytes"));
  EXPECT_EQ(with.reason_of_name("pets..2026"), "");
}

TEST(SubmissionLayouts, AreRefusedWhereTheyAreShortEndlessOrThereTwice) {
  WithLayout with;
  with.table.layout_count = 2;
  EXPECT_THAT(with.reason(), HasSubstr("offers the submission layout \"pets\" twice"));
  with.table.layout_count = UINT32_MAX;
  EXPECT_THAT(with.reason(), HasSubstr("there are 4294967295 submission layouts"));
  with.table.layout_count = 1;
  with.layout.size = 8;
  EXPECT_THAT(with.reason(), HasSubstr("expected at least 64 bytes, found 8"));
}

}  // namespace
}  // namespace sshost::plugin
