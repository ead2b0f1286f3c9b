#include "base/shell_word.h"

#include <gtest/gtest.h>

namespace sshost {
namespace {

TEST(ShellWord, PlainPathsStayAsTheyAre) {
  for (const char* text : {"photos.yaml", "/data/a-b_c/100%.yaml", "runs/p-001", "straße.yaml"}) {
    EXPECT_EQ(shell_word(text), text);
  }
}

TEST(ShellWord, WhatAShellWouldSplitOrExpandIsQuoted) {
  EXPECT_EQ(shell_word("Road photos.yaml"), "'Road photos.yaml'");
  EXPECT_EQ(shell_word("a*b"), "'a*b'");
  EXPECT_EQ(shell_word("data [v2]"), "'data [v2]'");
  EXPECT_EQ(shell_word("Bob's"), "'Bob'\\''s'");
  EXPECT_EQ(shell_word("$HOME"), "'$HOME'");
  EXPECT_EQ(shell_word("~/x"), "'~/x'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST(ShellWord, ControlCharactersAreWrittenAsAShellKnowsThem) {
  EXPECT_EQ(shell_word("a\n---\nb"), "$'a\\x0a---\\x0ab'");
  EXPECT_EQ(shell_word("it's\x1b"), "$'it\\'s\\x1b'");
}

}  // namespace
}  // namespace sshost
