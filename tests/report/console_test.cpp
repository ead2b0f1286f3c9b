#include "report/console.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <pty.h>
#include <unistd.h>

namespace sshost::report {
namespace {

TEST(Console, CutsByCharactersNotBytes) {
  EXPECT_EQ(first_columns("━━━ok", 4), "━━━o");
  EXPECT_EQ(first_columns("ok", 5), "ok");
  EXPECT_EQ(first_columns("ok", 0), "");
}

TEST(Console, AFileGetsLinesAndNoStatus) {
  std::FILE* file = std::tmpfile();
  Console console(file);
  EXPECT_FALSE(console.is_terminal());
  console.status("50 %");
  console.line("first");
  console.line("second");
  console.clear_status();
  std::rewind(file);
  char text[64] = {};
  const size_t length = std::fread(text, 1, sizeof text, file);
  EXPECT_EQ(std::string_view(text, length), "first\nsecond\n");
  std::fclose(file);
}

// What the terminal's other end receives.
std::string drain(int descriptor) {
  fcntl(descriptor, F_SETFL, O_NONBLOCK);
  std::string all;
  char bytes[256];
  for (ssize_t count; (count = read(descriptor, bytes, sizeof bytes)) > 0;)
    all.append(bytes, static_cast<size_t>(count));
  return all;
}

TEST(Console, ATerminalsStatusStaysBelowTheLinesAndFits) {
  int outer = -1, inner = -1;
  winsize size{24, 12, 0, 0};
  if (openpty(&outer, &inner, nullptr, nullptr, &size) != 0) GTEST_SKIP() << "no pseudo terminal here";
  std::FILE* stream = fdopen(inner, "w");
  {
    Console console(stream);
    ASSERT_TRUE(console.is_terminal());
    EXPECT_EQ(console.width(), 12);
    console.status("a status that is too long");
    EXPECT_EQ(drain(outer), "a status th");
    console.line("news");
    EXPECT_EQ(drain(outer), "\r\x1b[2Knews\r\na status th");
    console.status("next");
    EXPECT_EQ(drain(outer), "\r\x1b[2Knext");
  }
  EXPECT_EQ(drain(outer), "\r\x1b[2K");
  std::fclose(stream);
  close(outer);
}

}  // namespace
}  // namespace sshost::report
