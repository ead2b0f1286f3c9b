#include "file/find_files.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "base/error.h"
#include "file/path_pattern.h"
#include "temp_folder.h"

namespace sshost::file {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class FindFiles : public testing::Test {
 protected:
  void add(const std::string& name) const {
    fs::create_directories((folder_ / name).parent_path());
    test::write_bytes(folder_ / name, "");
  }
  // "path=name" of what was found, relative to the folder.
  std::vector<std::string> found(const std::string& pattern) const {
    std::vector<std::string> lines;
    for (const Seen& seen : find_files(folder_.path(), pattern)) {
      if (seen.kind == SS_FILE_FOUND) lines.push_back(relative(seen.path) + "=" + seen.name);
    }
    return lines;
  }
  std::vector<std::string> passed_over(const std::string& pattern, ss_file_kind kind) const {
    std::vector<std::string> lines;
    for (const Seen& seen : find_files(folder_.path(), pattern)) {
      if (seen.kind == kind) lines.push_back(relative(seen.path));
    }
    return lines;
  }
  std::string relative(const fs::path& path) const { return path.lexically_relative(folder_.path()).string(); }

  test::TempFolder folder_;
};

TEST_F(FindFiles, FindsImagesInFoldersInTheirOrder) {
  for (const char* name : {"z.JPG", "a.png", "b/c.jpeg", "notes.txt"}) add(name);
  std::vector<std::string> paths;
  for (const Seen& seen : find_files(folder_.path(), "**/*")) {
    if (seen.kind == SS_FILE_FOUND) paths.push_back(relative(seen.path));
  }
  EXPECT_THAT(paths, ElementsAre("a.png", "b/c.jpeg", "z.JPG"));
}

TEST_F(FindFiles, ComparesEndingsWithoutRegardToCapitals) {
  for (const char* name : {"a.jpg", "b.JPG", "c.Jpg", "D.png", "e.jpeg"}) add(name);
  EXPECT_THAT(found("*.jpg"), ElementsAre("a.jpg=a", "b.JPG=b", "c.Jpg=c"));
  EXPECT_THAT(found("d.png"), IsEmpty()) << "names are another matter";
}

TEST_F(FindFiles, KeepsBothWhereNamesDifferInTheirEndingAlone) {
  add("a.jpg");
  add("a.JPG");
  EXPECT_THAT(found("*.jpg"), ElementsAre("a.JPG=a", "a.jpg=a"));
}

TEST_F(FindFiles, APatternWithoutAnEndingFindsImagesAlone) {
  for (const char* name : {"a.jpg", "b.PNG", "c.tiff", "d.txt", "e", "Thumbs.db", "x_left.webp"}) add(name);
  EXPECT_THAT(found("*"), ElementsAre("a.jpg=a", "b.PNG=b", "c.tiff=c", "x_left.webp=x_left"));
  EXPECT_THAT(found("*.*"), ElementsAre("a.jpg=a", "b.PNG=b", "c.tiff=c", "x_left.webp=x_left"));
  EXPECT_THAT(found("*_left*"), ElementsAre("x_left.webp=x/"));
  EXPECT_THAT(passed_over("*", SS_FILE_OTHER), ElementsAre("Thumbs.db", "d.txt", "e"));
}

TEST_F(FindFiles, BracesNameSeveralEndingsAndFolders) {
  for (const char* name : {"a/1.jpg", "b/2.PNG", "c/3.jpg", "a/4.bmp"}) add(name);
  EXPECT_THAT(found("{a,b}/*.{jpg,png}"), ElementsAre("a/1.jpg=1", "b/2.PNG=2"));
  EXPECT_THAT(passed_over("{a,b}/*.{jpg,png}", SS_FILE_IMAGE), ElementsAre("a/4.bmp"));
}

TEST_F(FindFiles, BracesThatAreNoneAreAnError) {
  EXPECT_THAT(test::message_of<Error>([] { expand_braces("images/{splt}/*.jpg"); }), HasSubstr("{splt}"));
  EXPECT_THAT(test::message_of<Error>([] { expand_braces("images/{a,b/*.jpg"); }), HasSubstr("images/{a,b/*.jpg"));
}

TEST_F(FindFiles, PassesOverWhatIsHidden) {
  for (const char* name : {"a.jpg", "._a.jpg", ".DS_Store", ".git/b.jpg", "__MACOSX/._c.jpg"}) add(name);
  EXPECT_THAT(found("**/*"), ElementsAre("a.jpg=a"));
  EXPECT_THAT(passed_over("**/*", SS_FILE_HIDDEN), ElementsAre(".DS_Store", "._a.jpg", ".git", "__MACOSX/._c.jpg"));
  EXPECT_THAT(found("*.jpg"), ElementsAre("a.jpg=a"));
  EXPECT_THAT(found(".git/*.jpg"), ElementsAre(".git/b.jpg=b")) << "what is named is meant";
}

TEST_F(FindFiles, FollowsLinksToFoldersAndFiles) {
  add("real/x/a.png");
  add("real/y/b.png");
  add("photos/c.png");
  fs::create_symlink("../real/x", folder_ / "photos/linked");
  fs::create_symlink("../real/y/b.png", folder_ / "photos/file.png");
  fs::create_symlink("nowhere.png", folder_ / "photos/broken.png");
  EXPECT_THAT(found("photos/**/*"),
              ElementsAre("photos/c.png=c", "photos/file.png=file", "photos/linked/a.png=linked/a"));
  EXPECT_THAT(found("photos/*/*.png"), ElementsAre("photos/linked/a.png=linked/a"));
  EXPECT_THAT(passed_over("photos/**/*", SS_FILE_BROKEN_LINK), ElementsAre("photos/broken.png"));
}

TEST_F(FindFiles, ALinkThatLeadsBackIsNotFollowed) {
  add("a/b/1.png");
  fs::create_directory_symlink("..", folder_ / "a/b/up");
  fs::create_directory_symlink(".", folder_ / "a/b/self");
  fs::create_symlink("loop.png", folder_ / "a/loop.png");
  EXPECT_THAT(found("**/*"), ElementsAre("a/b/1.png=a/b/1"));
  EXPECT_THAT(passed_over("**/*", SS_FILE_LOOP), ElementsAre("a/b/self", "a/b/up"));
  EXPECT_THAT(passed_over("**/*", SS_FILE_BROKEN_LINK), ElementsAre("a/loop.png"));
}

TEST_F(FindFiles, FoldersThatLookLikeImagesAreFolders) {
  add("a.jpg/b.jpg");
  EXPECT_THAT(found("*.jpg"), IsEmpty());
  EXPECT_THAT(found("**/*"), ElementsAre("a.jpg/b.jpg=a.jpg/b"));
}

TEST_F(FindFiles, AFolderStandsForTheImagesInIt) {
  for (const char* name : {"a/1.jpg", "a/b/2.png", "a/notes.txt"}) add(name);
  EXPECT_THAT(found("a"), ElementsAre("a/1.jpg=1"));
  EXPECT_THAT(found("a/"), ElementsAre("a/1.jpg=1"));
  EXPECT_THAT(found("a/**"), ElementsAre("a/1.jpg=1", "a/b/2.png=b/2"));
  EXPECT_THAT(found(""), IsEmpty());
}

TEST_F(FindFiles, AFolderThatIsNotThereHoldsNothing) { EXPECT_THAT(found("none/*.jpg"), IsEmpty()); }

TEST_F(FindFiles, SaysWhatIsLeftOut) {
  for (const char* name : {"a.jpg", "b.txt", "c.txt", "._a.jpg"}) add(name);
  const std::string text = left_out_text(find_files(folder_.path(), "*"));
  EXPECT_THAT(text, HasSubstr("2 no images by their ending (such as " + (folder_ / "b.txt").string() + ")"));
  EXPECT_THAT(text, HasSubstr("1 hidden (" + (folder_ / "._a.jpg").string() + ")"));
}

TEST_F(FindFiles, LinksAmongFoldersMakeNoEndOfWays) {
  constexpr int kFolders = 12;  // 12! ways lead to each of them, none in a circle
  for (int i = 0; i < kFolders; ++i) add(std::to_string(i) + "/a.png");
  for (int i = 0; i < kFolders; ++i) {
    for (int j = 0; j < kFolders; ++j) {
      const fs::path folder = folder_ / std::to_string(i);
      fs::create_directory_symlink("../" + std::to_string(j), folder / ("to" + std::to_string(j)));
    }
  }
  const std::vector<std::string> all = found("**/*");
  for (int i = 0; i < kFolders; ++i) {
    const std::string name = std::to_string(i);
    EXPECT_THAT(all, testing::Contains(name + "/a.png=" + name + "/a")) << "whatever links lead there too";
  }
  EXPECT_LE(all.size(), size_t{5 * kFolders});
  EXPECT_THAT(passed_over("**/*", SS_FILE_LOOP), testing::Not(IsEmpty()));
}

TEST_F(FindFiles, APatternTakesNoTimeWithoutEnd) {
  const std::string name(200, 'a');
  add(name + ".png");
  std::string stars = "*";
  for (int i = 0; i < 60; ++i) stars += "a*";
  EXPECT_THAT(found(stars + "b.png"), IsEmpty());
  EXPECT_EQ(found(stars + ".png").size(), 1U);
  std::string folders, braces;
  for (int i = 0; i < 40; ++i) folders += "**/", braces += "{a,b}";
  add("1/2/3/4/5/6/7/8/9/a.png");
  EXPECT_EQ(found(folders + "a.png").size(), 1U);
  EXPECT_THAT(test::message_of<Error>([&] { find_files(folder_.path(), braces); }),
              HasSubstr("more than 1000 patterns"));
}

TEST_F(FindFiles, NamesInPartsAreThoseThatPeopleType) {
  const std::string in_parts =
                        "mu\xcc\x88"
                        "hle",
                    composed =
                        "m\xc3\xbc"
                        "hle";
  add(in_parts + "/" + in_parts + ".png");
  for (const std::string& folder : {in_parts, composed}) {
    EXPECT_THAT(found(folder + "/*.png"), testing::ElementsAre(in_parts + "/" + in_parts + ".png=" + composed));
  }
  EXPECT_THAT(found("*/*.png"), testing::ElementsAre(in_parts + "/" + in_parts + ".png=" + composed + "/" + composed));
}

}  // namespace
}  // namespace sshost::file
