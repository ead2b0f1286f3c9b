#include "distributed/network_address.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/error.h"
#include "distributed/free_port.h"
#include "distributed/listener.h"
#include "temp_folder.h"

namespace sshost::distributed {
namespace {

using test::free_port;
using test::message_of;
using testing::AllOf;
using testing::HasSubstr;

TEST(NetworkAddress, KnowsWhichAddressesOtherNetworksReach) {
  for (const char* address : {"8.8.8.8", "172.32.0.1", "172.15.255.255", "192.169.0.1", "100.128.0.1", "11.0.0.1",
                              "2001:4860:4860::8888", "::ffff:8.8.8.8", "198.51.100.7"}) {
    EXPECT_TRUE(distributed::is_public(address)) << address;
  }
  for (const char* address : {"127.0.0.1", "127.0.1.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
                              "169.254.1.1", "100.64.0.1", "100.127.255.255", "::1", "fe80::1", "fe80::1%eth0",
                              "fd00::1", "fc00::7", "::ffff:192.168.1.1", "::ffff:127.0.0.1"}) {
    EXPECT_FALSE(distributed::is_public(address)) << address;
  }
  EXPECT_TRUE(distributed::is_loopback("127.3.4.5"));
  EXPECT_TRUE(distributed::is_loopback("::1"));
  EXPECT_FALSE(distributed::is_loopback("10.0.0.1"));
}

TEST(NetworkAddress, FindsThoseOfThisMachine) {
  EXPECT_THAT(distributed::own_addresses(), testing::Contains("127.0.0.1"));
  EXPECT_THAT(distributed::own_addresses("lo"), testing::Contains("127.0.0.1"));
  EXPECT_THAT(distributed::own_addresses("no-such-interface"), testing::IsEmpty());
  EXPECT_THAT(distributed::addresses_of("127.0.0.1"), testing::ElementsAre("127.0.0.1"));
}

TEST(Listener, IsBoundToTheOneAddressThatTheHostStandsFor) {
  EXPECT_EQ(distributed::Listener("127.0.0.1", free_port(), false).address(), "127.0.0.1");
  const distributed::Listener named("localhost", free_port(), false);
  EXPECT_TRUE(distributed::is_loopback(named.address())) << named.address();
  EXPECT_EQ(named.warning(), "");
}

// An address of the documentation (RFC 5737), which no interface has: a port that somebody forwards, for one.
TEST(Listener, IsBoundToAllAddressesAndSaysSoWhereTheHostIsNotOfThisMachine) {
  const distributed::Listener listener("192.0.2.1", free_port(), true);
  EXPECT_EQ(listener.address(), "");
  EXPECT_THAT(listener.warning(), AllOf(HasSubstr("all addresses"), HasSubstr("192.0.2.1")));
}

TEST(Listener, SaysThatAnAddressIsTaken) {
  const uint16_t port = free_port();
  distributed::Listener first("127.0.0.1", port, false);
  const int descriptor = first.release();
  ASSERT_EQ(listen(descriptor, 1), 0);
  EXPECT_THAT(message_of<Error>([&] { distributed::Listener("127.0.0.1", port, false); }),
              AllOf(HasSubstr("rank 0 cannot listen at 127.0.0.1:"), HasSubstr("in use")));
  close(descriptor);
}

TEST(Listener, PublicAddressesHaveToBeAllowed) {
  EXPECT_THAT(message_of<UsageError>([] { distributed::require_private("rank 2", "198.51.100.7", false); }),
              AllOf(HasSubstr("rank 2 would listen at 198.51.100.7"), HasSubstr("distributed.allow_public: true")));
  distributed::require_private("rank 2", "198.51.100.7", true);
  distributed::require_private("rank 2", "10.0.0.7", false);
}

}  // namespace
}  // namespace sshost::distributed
