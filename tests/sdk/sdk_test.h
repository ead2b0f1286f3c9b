// A test whose own code uses the SDK, as a plugin would, on a fake host.
#ifndef SSHOST_TESTS_SDK_SDK_TEST_H
#define SSHOST_TESTS_SDK_SDK_TEST_H

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sshost/host.hpp>

#include "sdk/fake_host.h"

namespace sshost::test {

class SdkTest : public testing::Test {
 protected:
  SdkTest() {
    ss::detail::host = host.abi();
    ss::detail::fetch_capabilities();
  }
  FakeHost host;
};

}  // namespace sshost::test

#endif  // SSHOST_TESTS_SDK_SDK_TEST_H
