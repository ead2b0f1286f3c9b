#include "data/submission.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "data/fake_submission.h"
#include "temp_folder.h"

namespace sshost::data {
namespace {

using test::message_of;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;

class Submissions : public testing::Test {
 protected:
  Submissions() {
    fake_.value = [](const std::string& name) -> int32_t {
      if (name == "sea") throw Error("expected no sea");
      return static_cast<int32_t>(name.size());
    };
  }
  // What the file of a sample is called where the plugin puts this.
  std::string file_for(std::string_view text) {
    fake_.file_name = [text](const std::string&, const ss_text_sink& sink) { return put(sink, text); };
    return fake_.offered().file_of("a/b");
  }
  std::string refusal_of(std::string_view text) {
    return message_of<Error>([&] { file_for(text); });
  }

  FakeSubmission fake_{"pets"};
  const std::vector<Class> classes_ = {{"cat", {}, 0}, {"mouse", {}, 1}};
};

TEST_F(Submissions, GiveAValueForEachClass) { EXPECT_THAT(fake_.offered().values(classes_), ElementsAre(3, 5)); }

TEST_F(Submissions, TellWhichClassesTheyExpected) {
  EXPECT_THAT(message_of<UsageError>([&] {
                fake_.offered().values({{"sea", {}, 0}});
              }),
              AllOf(HasSubstr("prediction format pets, dataset fake (fake.so): "), HasSubstr("expected no sea")));
}

TEST_F(Submissions, WithANumberThatItsFilesCannotHoldAreRefused) {
  for (const int32_t number : {-1, 256, 1 << 20}) {
    fake_.value = [number](const std::string&) { return number; };
    EXPECT_THAT(message_of<Error>([&] { fake_.offered().values(classes_); }),
                AllOf(HasSubstr("0..255 for class \"cat\""), HasSubstr(std::to_string(number))));
  }
  fake_.layout.kind = SS_SUBMISSION_PNG16;
  fake_.value = [](const std::string&) { return 65535; };
  EXPECT_THAT(fake_.offered().values(classes_), ElementsAre(65535, 65535));
}

TEST_F(Submissions, OfAKindThatThisHostDoesNotKnowAreRefused) {
  fake_.layout.kind = 7;
  EXPECT_THAT(message_of<Error>([&] { fake_.offered().numbers(); }), HasSubstr("found kind 7"));
}

TEST_F(Submissions, NameAFileForASample) {
  EXPECT_EQ(file_for("a.png"), "a.png");
  EXPECT_EQ(file_for("video/frame 1.png"), "video/frame 1.png");
}

TEST_F(Submissions, WhoseFileWouldLieElsewhereAreRefused) {
  for (const char* path :
       {"/etc/a.png", "../a.png", "a/../../b.png", "./a.png", "..", "a/", "", "a.jpg", "a\n.png", "t\xff.png"}) {
    EXPECT_THAT(refusal_of(path),
                HasSubstr("prediction format pets, dataset fake (fake.so): expected the name of a PNG"))
        << path;
  }
}

TEST_F(Submissions, WhoseFileHasAnEndlessNameOrNoneOrTwoAreRefused) {
  EXPECT_THAT(refusal_of(std::string(5000, 'x') + ".png"), HasSubstr("5004"));
  fake_.file_name = [](const std::string&, const ss_text_sink& sink) {
    return sink.put(sink.self, {"x", uint64_t{1} << 40});
  };
  EXPECT_THAT(message_of<Error>([&] { fake_.offered().file_of("a"); }), HasSubstr("found 1099511627776"));
  fake_.file_name = [](const std::string&, const ss_text_sink& sink) { return sink.put(sink.self, {nullptr, 3}); };
  EXPECT_THAT(message_of<Error>([&] { fake_.offered().file_of("a"); }), HasSubstr("null pointer"));
  fake_.file_name = [](const std::string&, const ss_text_sink&) -> ss_status { return SS_OK; };
  EXPECT_THAT(message_of<Error>([&] { fake_.offered().file_of("a"); }), HasSubstr("found none"));
  fake_.file_name = [](const std::string&, const ss_text_sink& sink) {
    put(sink, "a.png");
    return put(sink, "b.png");
  };
  EXPECT_THAT(message_of<Error>([&] { fake_.offered().file_of("a"); }), HasSubstr("found a second one"));
}

}  // namespace
}  // namespace sshost::data
