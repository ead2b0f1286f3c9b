// Libraries that were damaged on their way: whatever the damage, the host lives and says what is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "plugin/elf_note.h"
#include "plugin/load.h"
#include "plugin/probe.h"
#include "plugin/refusal.h"
#include "plugin/support.h"
#include "temp_folder.h"

namespace sshost::plugin {
namespace {

using testing::HasSubstr;

TEST(Corruption, ALibraryCutAnywhereIsRefusedBeforeItIsLoaded) {
  const test::TempFolder folder;
  const auto file = folder.path() / "cut.so";
  const std::string whole = test::read_bytes(library("plain"));
  for (size_t length = 0; length < whole.size(); length += length < 1024 ? 13 : 97) {
    test::write_bytes(file, whole.substr(0, length));
    EXPECT_THROW(read_note(file), Refused) << length << " of " << whole.size() << " bytes";
  }
  test::write_bytes(file, whole.substr(0, whole.size() - 1));
  EXPECT_THAT(message_of([&] { read_note(file); }), HasSubstr("truncated or corrupt"));
}

TEST(Corruption, ALibraryWithoutSectionsCutAnywhereInItsSegmentsIsRefused) {
  const test::TempFolder folder;
  const auto file = folder.path() / "cut.so";
  std::string whole = test::read_bytes(library("plain"));
  for (size_t i = 40; i < 48; ++i) whole[i] = 0;  // e_shoff
  for (size_t i = 60; i < 64; ++i) whole[i] = 0;  // e_shnum, e_shstrndx
  for (const size_t length : {size_t{65}, size_t{500}, size_t{2000}, size_t{8000}}) {
    ASSERT_LT(length, whole.size());
    test::write_bytes(file, whole.substr(0, length));
    EXPECT_THAT(message_of([&] { read_note(file); }), HasSubstr("truncated or corrupt")) << length;
  }
}

// A fork of a process under AddressSanitizer takes some 15 ms.
#if defined(__SANITIZE_ADDRESS__)
constexpr int kProbeEvery = 10;
#else
constexpr int kProbeEvery = 1;
#endif

// What the parser lets through is tried in a child process; nothing of it may reach this one.
TEST(Corruption, RandomBitFlipsNeverHarmTheHost) {
  const test::TempFolder folder;
  const FakeHost host;
  const auto file = folder.path() / "flipped.so";
  const std::string whole = test::read_bytes(library("plain"));
  std::mt19937_64 random(20260731);
  int by_parser = 0, passed = 0, by_probe = 0, harmless = 0;
  for (int round = 0; round < 2000; ++round) {
    std::string bytes = whole;
    // Half of them hit the headers, where a flip does most.
    const size_t range = round % 2 == 0 ? bytes.size() : 1024;
    for (int flips = 1 + round % 3; flips > 0; --flips) bytes[random() % range] ^= static_cast<char>(1 << random() % 8);
    test::write_bytes(file, bytes);
    try {
      check_version(read_note(file));
    } catch (const Refused&) {
      ++by_parser;
      continue;
    }
    if (passed++ % kProbeEvery != 0) continue;
    try {
      probe(file, *host.abi(), std::chrono::seconds(2));
      ++harmless;
    } catch (const Refused&) {
      ++by_probe;
    }
  }
  // The damage was real, and both guards were needed.
  EXPECT_GT(by_parser, 200);
  EXPECT_GT(by_probe, 50 / kProbeEvery);
  EXPECT_GT(harmless, 50 / kProbeEvery);
}

}  // namespace
}  // namespace sshost::plugin
