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
