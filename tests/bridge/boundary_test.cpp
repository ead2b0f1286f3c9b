#include <c10/util/Exception.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <system_error>

#include "values.h"

namespace sshost::bridge::testing {
namespace {

template <typename Exception>
ss_status status_of(const Exception& exception) {
  return guarded([&] { throw exception; });
}

TEST(Errors, ExceptionsBecomeAStatusAndAMessage) {
  EXPECT_EQ(status_of(StatusError(SS_IO, "disk")), SS_IO);
  EXPECT_EQ(message(), "disk");
  EXPECT_EQ(status_of(Error("wrong")), SS_INVALID_ARGUMENT);
  EXPECT_EQ(message(), "wrong");
  EXPECT_EQ(status_of(std::bad_alloc()), SS_OUT_OF_MEMORY);
  EXPECT_EQ(status_of(std::system_error(EAGAIN, std::generic_category())), SS_OUT_OF_MEMORY);
  EXPECT_EQ(message(), "out of memory: a thread could not be started");
  EXPECT_EQ(status_of(std::system_error(EIO, std::generic_category())), SS_INTERNAL);
  EXPECT_EQ(status_of(std::logic_error("broken")), SS_INTERNAL);
  EXPECT_EQ(message(), "broken");
  EXPECT_EQ(status_of(1), SS_INTERNAL);
  EXPECT_NE(message(), "broken");
}

TEST(Errors, OfLibTorchAreCutToWhatWasSaid) {
  EXPECT_EQ(guarded([] { TORCH_CHECK(false, "sizes differ"); }), SS_INVALID_ARGUMENT);
  EXPECT_EQ(message(), "sizes differ");
  EXPECT_EQ(guarded([] { TORCH_CHECK_NOT_IMPLEMENTED(false, "no such kernel\n\nlong list"); }), SS_UNSUPPORTED);
  EXPECT_EQ(message(), "no such kernel");
}

TEST(Errors, OfLibTorchsAllocatorsAreSaidToBeAboutMemory) {
  const char* const texts[] = {
      "[enforce fail at alloc_cpu.cpp:124] err == 0. DefaultCPUAllocator: can't allocate memory: you tried to allocate "
      "4096 bytes. Error code 12 (Cannot allocate memory)",
      "DefaultCPUAllocator: not enough memory: you tried to allocate 4096 bytes."};
  for (const char* text : texts) {
    EXPECT_EQ(guarded([&] { TORCH_CHECK(false, text); }), SS_OUT_OF_MEMORY) << text;
    EXPECT_EQ(message(), "out of memory: you tried to allocate 4096 bytes");
  }
}

TEST(Errors, AGuardedBodyMayReturnAStatus) {
  EXPECT_EQ(guarded([] { return SS_TOO_SMALL; }), SS_TOO_SMALL);
  EXPECT_EQ(guarded([] {}), SS_OK);
}

TEST(Errors, AStatusOfAPluginIsThrownOnceWithItsMessage) {
  EXPECT_NO_THROW(check(SS_OK, "head psp"));
  fail(SS_INTERNAL, "bad scales");
  try {
    check(SS_INTERNAL, "head psp (psp.so)");
    FAIL() << "nothing was thrown";
  } catch (const StatusError& error) {
    EXPECT_STREQ(error.what(), "head psp (psp.so): bad scales");
    EXPECT_EQ(error.status(), SS_INTERNAL);
  }
  try {
    check(SS_UNSUPPORTED, "head psp");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(), "head psp: failed without a message (unsupported)");
  }
}

TEST(Errors, AMessageMayBePassedOnToItself) {
  fail(SS_IO, "the whole text");
  EXPECT_EQ(fail(SS_INTERNAL, message().substr(4)), SS_INTERNAL);
  EXPECT_EQ(message(), "whole text");
}

}  // namespace
}  // namespace sshost::bridge::testing
