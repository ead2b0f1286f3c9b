// What a run of several processes shows to the network, and what a stranger there can do to it.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <functional>
#include <thread>

#include "distributed/launch.h"
#include "distributed/listening.h"
#include "temp_folder.h"

namespace sshost::test {
namespace {

using namespace std::chrono_literals;
using testing::Each;
using testing::SizeIs;

// A connection to a port of this machine.
class Stranger {
 public:
  explicit Stranger(uint16_t port) : socket_(socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address.sin_port = htons(port);
    connected_ = connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0;
  }
  ~Stranger() {
    if (socket_ >= 0) close(socket_);
  }
  Stranger(Stranger&& other) noexcept : socket_(std::exchange(other.socket_, -1)), connected_(other.connected_) {}
  Stranger(const Stranger&) = delete;
  Stranger& operator=(const Stranger&) = delete;
  Stranger& operator=(Stranger&&) = delete;

  bool is_connected() const { return connected_; }
  void send(const std::string& bytes) const { ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL); }

 private:
  int socket_;
  bool connected_ = false;
};

class Exposure : public testing::Test {
 protected:
  Exposure() { write_pipeline(folder_ / "p.yaml"); }

  std::vector<std::string> arguments(const std::string& steps) const {
    return {"run", folder_ / "p.yaml", "--output", folder_ / "run", "--set", "train.steps=" + steps};
  }

  static void wait_until(const std::function<bool()>& is_so) {
    const auto until = std::chrono::steady_clock::now() + 60s;
    while (!is_so() && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(20ms);
    ASSERT_TRUE(is_so()) << "not within a minute";
  }

  static void wait_until_it_listens(Launch& launch) {
    wait_until([&] { return !listening_addresses(launch.rank(0).process()).empty(); });
  }

  TempFolder folder_;
};

TEST_F(Exposure, RanksOfOneMachineListenOnLoopbackAlone) {
  Launch launch(folder_.path(), 2, arguments("100000"));
  wait_until([&] { return launch.rank(0).out().find("2 processes work together") != std::string::npos; });
  const std::vector<std::string> first = listening_addresses(launch.rank(0).process());
  const std::vector<std::string> second = listening_addresses(launch.rank(1).process());
  EXPECT_THAT(first, SizeIs(testing::Ge(2))) << "its store and Gloo";
  EXPECT_THAT(second, SizeIs(testing::Ge(1))) << "Gloo";
  EXPECT_THAT(first, Each("127.0.0.1"));
  EXPECT_THAT(second, Each("127.0.0.1"));
}

// More than the 1,024 descriptors that a process usually may have.
TEST_F(Exposure, IdleConnectionsDoNotKeepOtherRanksOut) {
  constexpr rlim_t kUsual = 1024;
  constexpr size_t kStrangers = 1100;
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  if (limit.rlim_max < 4 * kUsual) GTEST_SKIP() << "this process may not have so many descriptors";
  const rlimit before = limit;
  limit.rlim_cur = kUsual;
  setrlimit(RLIMIT_NOFILE, &limit);  // for the ranks
  Launch launch(folder_.path(), 2);
  launch.start(0, arguments("2"));
  wait_until_it_listens(launch);
  limit.rlim_cur = 2 * kUsual;
  setrlimit(RLIMIT_NOFILE, &limit);  // for this process
  std::vector<Stranger> strangers;
  while (strangers.size() < kStrangers) {
    strangers.emplace_back(launch.port());
    ASSERT_TRUE(strangers.back().is_connected()) << strangers.size();
  }
  launch.start(1, arguments("2"));
  for (const cli::Outcome& outcome : launch.wait()) EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
  strangers.clear();
  setrlimit(RLIMIT_NOFILE, &before);
}

TEST_F(Exposure, GarbageDoesNotDisturbTheRendezvous) {
  Launch launch(folder_.path(), 2);
  launch.start(0, arguments("2"));
  wait_until_it_listens(launch);
  std::vector<Stranger> strangers;
  for (int i = 0; i < 50; ++i) {
    strangers.emplace_back(launch.port());
    std::string bytes(4096, '\0');
    for (size_t place = 0; place < bytes.size(); ++place) bytes[place] = static_cast<char>((place * 131 + i * 7) % 251);
    strangers.back().send(i % 2 == 0 ? bytes : "GET / HTTP/1.1\r\n\r\n");
  }
  launch.start(1, arguments("2"));
  for (const cli::Outcome& outcome : launch.wait()) EXPECT_EQ(outcome.exit_code, 0) << outcome.err;
}

}  // namespace
}  // namespace sshost::test
