#include "conform/check.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "conform/report.h"
#include "temp_folder.h"

namespace sshost::conform {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::filesystem::path plugin_of(const std::string& name) {
  return std::filesystem::path(SSHOST_TEST_PLUGIN_DIR) / (name + ".so");
}

std::filesystem::path bad_library(const std::string& name) {
  return std::filesystem::path(SSHOST_BAD_LIBRARIES) / (name + ".so");
}

std::vector<Result> check(const Request& request) {
  return check_library(request, [](const Result&) {});
}

void expect_none_fails(const std::vector<Result>& results) {
  EXPECT_FALSE(results.empty());
  for (const Result& result : results) EXPECT_NE(result.verdict, Verdict::kFailed) << to_text(result);
}

struct Fault {
  const char* fault;
  const char* test;
  const char* seen;
};

// The one test fails, and says what it saw.
void expect_failure(const Request& request, const Fault& fault) {
  const std::vector<Result> results = check(request);
  ASSERT_EQ(results.size(), 1u) << fault.fault;
  EXPECT_EQ(results.front().verdict, Verdict::kFailed) << fault.fault << ", " << fault.test;
  EXPECT_THAT(to_text(results.front()), AllOf(HasSubstr(fault.seen), HasSubstr("the contract (sshost/abi/")))
      << fault.fault;
}

void expect_failure_of(const std::string& plugin, const Fault& fault) {
  Request request{plugin_of(plugin), "{fault: " + std::string(fault.fault) + "}", {fault.test}};
  request.time = std::chrono::seconds(std::string(fault.fault) == "loop" ? 5 : 120);
  expect_failure(request, fault);
}

TEST(Check, PassesWhatKeepsTheContract) {
  for (const char* name :
       {"null_backbone", "null_dataset", "null_transform", "null_loss", "faulty_head", "faulty_dataset",
        "faulty_transform", "faulty_loss", "elastic_transform", "tversky_loss", "later_head"}) {
    expect_none_fails(check({plugin_of(name), "", {}}));
  }
  expect_none_fails(check({SSHOST_BINARY_DIR "/lib/sshost/plugins/mcibi.so", "", {}}));
}

TEST(Check, FindsTheFaultsOfHeads) {
  for (const Fault& fault : {Fault{"exit", "outputs", "ends the process with exit code"},
                             {"quick_exit", "outputs", "ends the process with exit code"},
                             {"_exit", "outputs", "ends the process with exit code"},
                             {"exit_in_create", "options", "ends the process with exit code"},
                             {"segfault", "outputs", "crashes with SIGSEGV"},
                             {"crash_on_a_thread", "outputs", "crashes with SIGSEGV"},
                             {"loop", "outputs", "did not finish within 5000 ms"},
                             {"nothing", "outputs", "found NULL"},
                             {"no_message", "outputs", "failed without a message"},
                             {"no_message", "one_pixel", "failed without a message"},
                             {"nan", "outputs", "that are not finite"},
                             {"batch", "outputs", "the representation: expected"},
                             {"odd_sizes", "outputs", "I cannot do odd sizes"},
                             {"wobble", "determinism", "differs in"},
                             {"wobble", "instances", "differs in"},
                             {"wobble", "saving", "differs in"},
                             {"shared_scratch", "threads", "beside other threads"},
                             {"detached", "parameters", "gets no gradient"},
                             {"unused", "parameters", "\"head.unused.weight\" gets no gradient"},
                             {"wrong_gradient", "gradients", "autograd says"},
                             {"writes_buffer", "state", "buffer \"head.mean\" differs"},
                             {"same_names", "names", "names both"},
                             {"any_format", "names", "for a format that it does not list"},
                             {"leak", "handles", "handles that are not released"},
                             {"released_twice", "handles", "the handles of tensors"},
                             {"made_up", "handles", "the handles of tensors"},
                             {"in_place", "inputs_kept", "changed in place"},
                             {"bad_alloc_is_null", "memory_refused", "where memory is refused"}}) {
    expect_failure_of("faulty_head", fault);
  }
}

TEST(Check, FindsTheFaultsOfDataSets) {
  for (const Fault& fault : {Fault{"exit", "labels", "ends the process with exit code"},
                             {"endless_count", "samples", "found 4611686018427387904"},
                             {"varying_count", "samples", "the number of samples varies"},
                             {"null_id", "samples", "the id is a null pointer"},
                             {"zero_in_id", "samples", "the id holds a zero byte"},
                             {"latin1_id", "samples", "the id has to be a file name"},
                             {"same_id", "samples", "an earlier sample has this id too"},
                             {"id_above", "samples", "the id has to be a file name"},
                             {"same_classes", "samples", "which is class 0 too"},
                             {"label_outside", "labels", "9 at row 0, column 7 is neither a class"},
                             {"own_random", "same_sample", "differs"},
                             {"writes_behind", "buffers", "crashes with SIGSEGV"},
                             {"writes_before", "labels", "writes beyond its buffer"}}) {
    expect_failure_of("faulty_dataset", fault);
  }
}

TEST(Check, FindsTheFaultsOfTransforms) {
  for (const Fault& fault : {Fault{"exit", "transformed", "ends the process with exit code"},
                             {"throw", "transformed", "no luck in apply"},
                             {"no_sizes", "transformed", "sizes: nobody knows"},
                             {"no_message", "transformed", "failed without a message"},
                             {"other_size", "transformed", "an image and a label of one size"},
                             {"untold_size", "transformed", "which `sizes` does not tell"},
                             {"label_outside", "transformed", "9 at row 0, column 0 is neither a class"},
                             {"averages_labels", "transformed", "is neither a class"},
                             {"twice", "transformed", "asked for twice"},
                             {"other_dtype", "transformed", "expected the channels and the dtype of the map"},
                             {"image_alone", "alike", "the label not alike"},
                             {"label_alone", "alike", "it was not moved alike"},
                             {"own_random", "same_sample", "differs"},
                             {"counts", "same_sample", "differs a second time"},
                             {"leaves_open", "same_sample", "it does not fill all of them"},
                             {"counts", "threads", "differs beside other threads"},
                             {"writes_input", "buffers", "crashes with SIGSEGV"},
                             {"writes_behind", "buffers", "crashes with SIGSEGV"},
                             {"writes_behind", "transformed", "writes beyond its buffer"},
                             {"evaluates", "evaluated", "it draws random numbers"}}) {
    expect_failure_of("faulty_transform", fault);
  }
}

TEST(Check, FindsTheFaultsOfLosses) {
  for (const Fault& fault : {Fault{"exit", "value", "ends the process with exit code"},
                             {"throw", "value", "no luck in compute"},
                             {"no_message", "value", "failed without a message"},
                             {"knows_nothing", "value", "neither exclusive nor independent"},
                             {"strange_divisor", "value", "found 77"},
                             {"nothing", "value", "found NULL"},
                             {"map", "value", "a scalar of Float"},
                             {"other_dtype", "value", "a scalar of Float"},
                             {"detached", "value", "a scalar with a gradient"},
                             {"unstable", "value", "that are not finite"},
                             {"nothing_is_nan", "value", "expected 0 with a gradient of 0"},
                             {"counts_ignored", "ignored", "a gradient of 0 at ignored pixels"},
                             {"divides_itself", "divisor", "four times the divisor"},
                             {"no_sum", "divisor", "a sum over pixels"},
                             {"wrong_gradient", "gradients", "autograd says"},
                             {"wobble", "determinism", "differs in"},
                             {"in_place", "inputs_kept", "changed in place"},
                             {"leak", "handles", "handles that are not released"},
                             {"made_up", "handles", "the handles of tensors"}}) {
    expect_failure_of("faulty_loss", fault);
  }
}

TEST(Check, FindsTheFaultsOfLibraries) {
  for (const Fault& fault : {Fault{"noteless", "note", "not an sshost plugin"},
                             {"newer_major", "note", "built for another version"},
                             {"symbolless", "symbols", "it also exports \"another_symbol\""},
                             {"crashing_constructor", "loading", "crashes with SIGSEGV"},
                             {"leaving_constructor", "loading", "no licence was found"},
                             {"throwing_constructor", "loading", "the constructor gave up"},
                             {"undefined", "loading", "nobody_has_this_function"},
                             {"spoiling", "loading", "of the whole process"},
                             {"failing_entry", "descriptor", "no tables were found"},
                             {"broken_descriptor", "descriptor", "reading its descriptor crashes"},
                             {"wrong_default", "descriptor", "declares the default"},
                             {"later_kind", "descriptor", "does not know the kind ss.head/2"},
                             {"needy", "descriptor", "ss.telepathy/1"}}) {
    expect_failure({bad_library(fault.fault), "", {fault.test}}, fault);
  }
}

TEST(Check, SkipsWhatNeedsOptionsThatAreNotGivenAndSaysWhich) {
  const std::vector<Result> results = check({plugin_of("faulty_head"), "{fault: {}}", {"outputs"}});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results.front().verdict, Verdict::kSkipped);
  EXPECT_THAT(results.front().seen, HasSubstr("fault"));
}

TEST(Check, RefusesATestThatThereIsNot) {
  EXPECT_THAT(test::message_of<UsageError>([] {
                check({plugin_of("null_head"), "", {"outptus"}});
              }),
              HasSubstr("did you mean \"outputs\"?"));
}

}  // namespace
}  // namespace sshost::conform
