#include "plugin/load.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <link.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <thread>
#include <utility>

#include "base/error.h"
#include "plugin/support.h"
#include "temp_folder.h"

namespace sshost::plugin {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::StartsWith;

// The refusal names the file first, then says why.
testing::Matcher<std::string> refuses(const std::string& name, const std::string& reason) {
  return AllOf(StartsWith(std::filesystem::canonical(library(name)).string() + ": "), HasSubstr(reason));
}

TEST(Loader, LoadsAPluginInPlainC) {
  const FakeHost host;
  const Registry registry = load_files(host, {library("plain")});
  EXPECT_TRUE(registry.refusals().empty());
  const Component& head = registry.find(SS_HEAD_1, "plain");
  EXPECT_EQ(head.plugin_name, "plain");
  EXPECT_EQ(head.plugin_version, "1.2.3");
  EXPECT_EQ(head.text(), "does nothing");
  EXPECT_EQ(head.table<ss_head_table>()->channels(nullptr), 1);
  EXPECT_EQ(head.capability("ss.checkpoint_names/1"), nullptr);
}

TEST(Loader, CallsTheEntryOfALibraryOnceForAllThatShareItsHost) {
  const FakeHost host;
  OpenLibraries open;
  LoadRequest request;
  request.host = host.abi();
  request.open = &open;
  request.has_operator = FakeHost::has_operator;
  request.named = {library("plain")};
  const Registry first = load_plugins(request);
  const test::TempFolder folder;
  std::filesystem::create_symlink(library("plain"), folder / "link.so");
  request.named = {folder / "link.so", library("two_heads")};
  const Registry second = load_plugins(request);
  EXPECT_EQ(std::count(host.log().begin(), host.log().end(), "entered"), 1);
  EXPECT_EQ(first.find(SS_HEAD_1, "plain").descriptor, second.find(SS_HEAD_1, "plain").descriptor);
  EXPECT_EQ(first.all().size(), 1U) << "each registry has what it asked for";
  EXPECT_GT(second.all().size(), 1U);
}

TEST(Loader, LeavesOutAComponentOfAKindThatALaterHostKnows) {
  const FakeHost host;
  const Registry registry = load_files(host, {library("two_heads")});
  EXPECT_TRUE(registry.refusals().empty());
  EXPECT_EQ(registry.all().size(), 2u);
  EXPECT_THAT(host.log(), Contains(AllOf(HasSubstr("oracle delphi"), HasSubstr("does not know the kind ss.oracle/7"))));
}

TEST(Loader, TellsWhatItLeavesOut) {
  const FakeHost host;
  const Registry registry = load_files(host, {library("two_heads")});
  ASSERT_EQ(registry.left_out().size(), 1u);
  EXPECT_THAT(to_string(registry.left_out().front()),
              refuses("two_heads", "does not know the kind ss.oracle/7 of \"delphi\""));
}

TEST(Loader, RefusesALibraryThatHasNothingButKindsOfALaterHost) {
  EXPECT_THAT(
      refusal_of(library("later_kind")),
      refuses("later_kind", "it has nothing that this sshost knows: this sshost does not know the kind ss.head/2"));
}

TEST(Loader, RefusesADefaultThatTheOptionDoesNotAllow) {
  EXPECT_THAT(refusal_of(library("wrong_default")),
              refuses("wrong_default", "declares the default \"9\", which is not an integer from 1 to 4"));
}

TEST(Loader, PutsBackWhatLoadingChangesInTheProcessAndSaysSo) {
  const FakeHost host;
  const auto folder = std::filesystem::current_path();
  const Registry registry = load_files(host, {library("spoiling")});
  EXPECT_TRUE(registry.refusals().empty());
  EXPECT_EQ(std::filesystem::current_path(), folder);
  struct sigaction now {};
  sigaction(SIGINT, nullptr, &now);
  EXPECT_EQ(now.sa_handler, SIG_DFL);
  for (const char* what : {"the working directory", "what SIGINT does", "the mask of new files"}) {
    EXPECT_THAT(host.log(), Contains(AllOf(HasSubstr("spoiling.so"), HasSubstr(what)))) << what;
  }
}

TEST(Loader, RefusesALibraryWithoutTheNote) {
  EXPECT_THAT(refusal_of(library("noteless")), refuses("noteless", "not an sshost plugin"));
}

TEST(Loader, RefusesAnotherMajorVersionWithoutRunningIt) {
  EXPECT_THAT(refusal_of(library("newer_major")), refuses("newer_major", "expected 1.x, found 2.3"));
}

TEST(Loader, RefusesALibraryWithoutTheEntryFunction) {
  EXPECT_THAT(refusal_of(library("symbolless")), refuses("symbolless", "exported function ss_plugin_entry"));
}

TEST(Loader, RefusesALibraryWithAnUndefinedSymbolByItsName) {
  EXPECT_THAT(refusal_of(library("undefined")), refuses("undefined", "undefined symbol: nobody_has_this_function"));
}

// As a program does that was started by a daemon.
TEST(Loader, ProbesWhereEndedChildrenAreIgnored) {
  const sighandler_t before = signal(SIGCHLD, SIG_IGN);
  EXPECT_EQ(refusal_of(library("plain")), "");
  EXPECT_THAT(refusal_of(library("crashing_constructor")), HasSubstr("crashes with SIGSEGV"));
  EXPECT_EQ(signal(SIGCHLD, before), SIG_IGN) << "it is left as it was";
}

TEST(Loader, NamesTheSignalOfACrashingConstructor) {
  EXPECT_THAT(refusal_of(library("crashing_constructor")),
              refuses("crashing_constructor", "loading it crashes with SIGSEGV"));
}

TEST(Loader, RepeatsWhatAnEndingConstructorPrinted) {
  EXPECT_THAT(refusal_of(library("leaving_constructor")),
              refuses("leaving_constructor", "loading it ends the process with exit code 3; it printed: no licence"));
}

TEST(Loader, GivesUpOnAHangingConstructor) {
  EXPECT_THAT(refusal_of(library("hanging_constructor"), std::chrono::seconds(1)),
              refuses("hanging_constructor", "loading it did not finish within 1000 ms"));
}

// As a thread that throws an exception, or starts to run, holds the dynamic linker's lock for a moment.
TEST(Loader, TriesAnewWhereAThreadHeldALockAtTheFork) {
  std::atomic<bool> holds = false, may_end = false;
  std::pair<std::atomic<bool>*, std::atomic<bool>*> flags{&holds, &may_end};
  std::thread holder([&] {
    dl_iterate_phdr(
        [](dl_phdr_info*, size_t, void* data) {
          const auto& [in, out] = *static_cast<decltype(flags)*>(data);
          *in = true;
          while (!*out) std::this_thread::sleep_for(std::chrono::milliseconds(1));
          return 1;
        },
        &flags);
  });
  while (!holds) std::this_thread::yield();
  std::thread ends([&] {
    std::this_thread::sleep_for(std::chrono::milliseconds(500));  // behind the first fork, before the second
    may_end = true;
  });
  EXPECT_EQ(refusal_of(library("plain"), std::chrono::seconds(60)), "");
  holder.join();
  ends.join();
}

TEST(Loader, RefusesAConstructorThatThrowsWithItsMessage) {
  EXPECT_THAT(refusal_of(library("throwing_constructor")), refuses("throwing_constructor", "the constructor gave up"));
}

TEST(Loader, RepeatsTheLastWordsOfAnExceptionThatEndsTheProcess) {
  EXPECT_THAT(refusal_of(library("terminating_constructor")),
              AllOf(refuses("terminating_constructor", "loading it crashes with SIGABRT"),
                    HasSubstr("the constructor gave up")));
}

TEST(Loader, RefusesAnEntryFunctionThatThrows) {
  EXPECT_THAT(refusal_of(library("throwing_entry")),
              refuses("throwing_entry", "threw an exception: the entry gave up"));
}

TEST(Loader, RepeatsTheMessageOfAFailingEntryFunction) {
  EXPECT_THAT(refusal_of(library("failing_entry")),
              refuses("failing_entry", "ss_plugin_entry failed: no tables were found in /usr/share"));
}

TEST(Loader, SurvivesADescriptorThatPointsNowhere) {
  EXPECT_THAT(refusal_of(library("broken_descriptor")),
              refuses("broken_descriptor", "reading its descriptor crashes with SIGSEGV"));
}

TEST(Loader, ListsEveryCapabilityAndOperatorThatIsMissing) {
  EXPECT_THAT(refusal_of(library("needy")),
              refuses("needy",
                      "needs what this host does not have: capability \"ss.telepathy/1\", operator "
                      "\"aten::levitate\", operator \"aten::fly.high\""));
}

TEST(Loader, OneBadLibraryKeepsNothingElseFromLoading) {
  const FakeHost host;
  LoadRequest request;
  request.search = {std::filesystem::path(SSHOST_BAD_LIBRARIES), "/no/such/folder"};
  request.host = host.abi();
  request.has_operator = FakeHost::has_operator;
  request.probe_limit = std::chrono::seconds(5);
  const Registry registry = load_plugins(request);
  EXPECT_EQ(registry.names(SS_HEAD_1), (std::vector<std::string>{"left", "plain", "right"}));
  EXPECT_EQ(registry.refusals().size(), 16u);
  EXPECT_NO_THROW(registry.require_named_files());
}

TEST(Loader, AFileThatThePipelineNamesHasToLoad) {
  const FakeHost host;
  const Registry registry = load_files(host, {library("plain"), library("symbolless")});
  const std::string message = message_of([&] { registry.require_named_files(); });
  EXPECT_THAT(message, refuses("symbolless", "ss_plugin_entry"));
  EXPECT_THROW(registry.require_named_files(), UsageError);
}

TEST(Loader, SurvivesStrip) {
  const test::TempFolder folder;
  const auto file = folder.path() / "stripped.so";
  std::filesystem::copy_file(library("plain"), file);
  if (std::system(("strip --strip-all " + file.string()).c_str()) != 0) GTEST_SKIP() << "strip is not installed";
  ASSERT_LT(std::filesystem::file_size(file), std::filesystem::file_size(library("plain")));
  EXPECT_EQ(refusal_of(file), "");
}

}  // namespace
}  // namespace sshost::plugin
