#include "base/printable.h"

#include <gtest/gtest.h>

namespace sshost {
namespace {

TEST(Printable, PlainTextStaysAsItIs) {
  for (const char* text : {"", "sky 50 %", "Straße, 道路, дорога\n\ttwo", "━╸ \xf0\x9f\x8c\xb3"}) {
    EXPECT_EQ(printable(text), text);
  }
}

TEST(Printable, WhatATerminalWouldObeyIsWrittenOut) {
  EXPECT_EQ(printable("sky\x1b]0;owned\x07"), "sky\\x1b]0;owned\\x07");
  EXPECT_EQ(printable("a\rb\x7f"), "a\\x0db\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"
                      "2J"),
            "\\xc2\\x9b2J")
      << "a control sequence in one character";
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "gnp.exe"),
            "\\xe2\\x80\\xaegnp.exe")
      << "written from right to left";
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
}

TEST(Printable, WhatNoReaderSeesIsWrittenOut) {
  EXPECT_EQ(printable("a\xe2\x80\x8b"
                      "b"),
            "a\\xe2\\x80\\x8bb")
      << "a blank without a width";
  EXPECT_EQ(printable("\xe2\x80\x8f"), "\\xe2\\x80\\x8f") << "the mark of writing from the right";
  EXPECT_EQ(printable("\xd8\x9c"), "\\xd8\\x9c") << "the Arabic one";
  EXPECT_EQ(printable("\xef\xbb\xbf"), "\\xef\\xbb\\xbf") << "a byte order mark";
  EXPECT_EQ(printable("\xf3\xa0\x81\x81"), "\\xf3\\xa0\\x81\\x81") << "a tag";
  EXPECT_EQ(printable("\xe2\x80\xa8"), "\\xe2\\x80\\xa8") << "a separator of lines";
}

TEST(Printable, WithinALineALineBreakIsWrittenOut) {
  EXPECT_EQ(printable_line("road\nerror: forged\t!"), "road\\x0aerror: forged\\x09!");
  EXPECT_EQ(printable_line("Straße, 道路"), "Straße, 道路");
}

TEST(Printable, BytesThatAreNotUtf8AreWrittenOut) {
  EXPECT_EQ(printable("caf\xe9.png"), "caf\\xe9.png");
  EXPECT_EQ(printable("\x9b"
                      "2J"),
            "\\x9b2J");
  EXPECT_EQ(printable("\xe2\x80"), "\\xe2\\x80");
  EXPECT_EQ(printable("\xc0\x9b"), "\\xc0\\x9b") << "not in its shortest form";
}

}  // namespace
}  // namespace sshost
