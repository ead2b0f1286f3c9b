#include "file/folded_name.h"

#include <gtest/gtest.h>

#include "temp_folder.h"

namespace sshost::file {
namespace {

TEST(FoldedName, IsTheSameForBothCasesAndForUnicodesForms) {
  EXPECT_EQ(folded_name("Photo.PNG"), folded_name("photo.png"));
  EXPECT_EQ(folded_name("caf\xc3\xa9"), folded_name("CAFE\xcc\x81"));
  EXPECT_EQ(folded_name("stra\xc3\x9f"
                        "e"),
            folded_name("STRASSE"));
  EXPECT_NE(folded_name("a"), folded_name("b"));
  EXPECT_NE(folded_name("1"), folded_name("\xe2\x91\xa0")) << "a digit in a circle is another character";
  EXPECT_EQ(folded_name("caf\xe9.PNG"), "caf\xe9.PNG") << "not UTF-8";
}

TEST(FoldsNames, LeavesNothingBehind) {
  const test::TempFolder folder;
  folds_names(folder / "not/there/yet");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

}  // namespace
}  // namespace sshost::file
