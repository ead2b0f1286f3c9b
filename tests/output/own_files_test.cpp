#include "output/own_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/error.h"
#include "data/fake_submission.h"
#include "temp_folder.h"

namespace sshost::output {
namespace {

namespace fs = std::filesystem;
using test::message_of;
using test::TempFolder;
using testing::AllOf;
using testing::HasSubstr;

class OwnFiles : public testing::Test {
 protected:
  OwnFiles() {
    ade20k_.file_name = [](const std::string& id, const ss_text_sink& sink) {
      return data::put(sink, fs::path(id).filename().string() + ".png");
    };
    cityscapes_.file_name = [](const std::string&, const ss_text_sink&) -> ss_status {
      throw Error("expected an image that is named <city>_<sequence>_<frame>");
    };
  }
  std::string error(const std::vector<std::string>& formats, const std::vector<PredictionSource>& sources,
                    const std::vector<fs::path>& read = {}) const {
    PredictionOptions options{folder_, formats, {}};
    options.submissions = {ade20k_.offered(), cityscapes_.offered()};
    return message_of<UsageError>([&] { require_own_files(options, sources, read); });
  }
  std::string error_of(const std::vector<std::string>& formats, const std::vector<std::string>& ids) const {
    std::vector<PredictionSource> sources;
    sources.reserve(ids.size());
    for (const std::string& id : ids) sources.push_back({"photos/" + id + ".png", id, {}});
    return error(formats, sources);
  }

  data::FakeSubmission ade20k_{"ade20k"}, cityscapes_{"cityscapes"};  // as their plugins have them
  TempFolder temp_;
  fs::path folder_ = temp_ / "out";
};

TEST_F(OwnFiles, OfOneFormatAreTakenByAnother) {
  EXPECT_EQ(error_of({"palette", "index"}, {"a", "b", "x/a"}), "");
  EXPECT_EQ(error_of({"index"}, {"a", "a.index"}), "");
  EXPECT_THAT(error_of({"palette", "index"}, {"b", "a", "a.index"}),
              AllOf(HasSubstr("photos/a.png and photos/a.index.png"), HasSubstr((folder_ / "a.index.png").string())));
  EXPECT_THAT(error_of({"palette"}, {"a", "./a"}), HasSubstr("both be written"));
}

TEST_F(OwnFiles, OfABenchmarkLieInOneFolderAllTogether) {
  EXPECT_THAT(error_of({"ade20k"}, {"a/x", "b/x"}), HasSubstr((folder_ / "ade20k/x.png").string()));
  EXPECT_THAT(error_of({"ade20k", "palette"}, {"a/x", "ade20k/x"}), HasSubstr("both be written"));
  EXPECT_THAT(error_of({"cityscapes"}, {"berlin"}), HasSubstr("named <city>_<sequence>_<frame>"));
}

TEST_F(OwnFiles, DependOnWhetherAnImageIsWrittenByRows) {
  int asked = 0;
  const auto sources = [&](bool by_rows) {
    return std::vector<PredictionSource>{{"a", "a",
                                          [&asked, by_rows] {
                                            ++asked;
                                            return by_rows;
                                          }},
                                         {"a.overlay", "a.overlay", {}}};
  };
  EXPECT_EQ(error({"overlay", "palette"}, sources(false)), "");
  EXPECT_THAT(error({"overlay", "palette"}, sources(true)), HasSubstr((folder_ / "a.overlay.png").string()));
  asked = 0;
  EXPECT_EQ(error({"overlay", "index"}, sources(true)), "");
  EXPECT_EQ(asked, 0) << "nothing depends on it";
}

TEST_F(OwnFiles, AreNotWhatIsToBeReadUnderWhateverName) {
  fs::create_directories(folder_);
  test::write_bytes(temp_ / "a.png", "a photo");
  fs::create_symlink("../a.png", folder_ / "b.png");
  const std::vector<PredictionSource> sources = {{"b", "b", {}}};
  EXPECT_THAT(error({"palette"}, sources, {temp_ / "a.png"}), HasSubstr("would overwrite"));
  EXPECT_EQ(error({"index"}, sources, {temp_ / "a.png"}), "");
}

TEST_F(OwnFiles, ThatDifferByCaseAreTwoWhereNamesAreNotFolded) {
  EXPECT_EQ(error_of({"palette"}, {"a", "A", "caf\xc3\xa9", "cafe\xcc\x81"}), "");
}

TEST_F(OwnFiles, ThatDifferByCaseOrUnicodesFormAreOneWhereNamesAreFolded) {
  const auto error = [&](const std::string& one, const std::string& other) {
    return message_of<UsageError>([&] {
      require_own_files({folder_, {"palette"}, {}}, {{one, one, {}}, {other, other, {}}}, {},
                        [](const fs::path&) { return true; });
    });
  };
  EXPECT_THAT(error("a", "A"), AllOf(HasSubstr("a and A"), HasSubstr("out/a.png"), HasSubstr("out/A.png")));
  EXPECT_THAT(error("caf\xc3\xa9", "cafe\xcc\x81"), HasSubstr("on this file system"));
  EXPECT_EQ(error("a", "b"), "");
}

}  // namespace
}  // namespace sshost::output
