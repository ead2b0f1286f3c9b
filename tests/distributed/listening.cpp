#include "distributed/listening.h"

#include <arpa/inet.h>

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

namespace sshost::test {
namespace {

namespace fs = std::filesystem;

// "socket:[123]" of each of its sockets.
std::set<std::string> sockets_of(pid_t process) {
  std::set<std::string> sockets;
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator("/proc/" + std::to_string(process) + "/fd", ignored)) {
    sockets.insert(fs::read_symlink(entry.path(), ignored).string());
  }
  return sockets;
}

// "0100007F:1F90": each 32 bits in the machine's order.
std::string address_of(const std::string& text) {
  std::array<uint32_t, 4> words{};
  const size_t count = text.find(':') / 8;
  for (size_t i = 0; i < count; ++i) {
    words[i] = static_cast<uint32_t>(std::stoul(text.substr(i * 8, 8), nullptr, 16));
  }
  std::array<char, INET6_ADDRSTRLEN> address{};
  inet_ntop(count == 1 ? AF_INET : AF_INET6, words.data(), address.data(), address.size());
  return address.data();
}

}  // namespace

std::vector<std::string> listening_addresses(pid_t process) {
  const std::set<std::string> own = sockets_of(process);
  std::vector<std::string> addresses;
  for (const char* table : {"tcp", "tcp6"}) {
    std::ifstream file("/proc/" + std::to_string(process) + "/net/" + table);
    std::string line;
    std::getline(file, line);  // what the columns mean
    while (std::getline(file, line)) {
      std::istringstream stream(line);
      std::array<std::string, 10>
          fields;  // number, here, there, state, queues, timer, retransmits, user, timeout, inode
      for (std::string& field : fields) stream >> field;
      const bool listens = fields[3] == "0A";
      if (listens && own.contains("socket:[" + fields[9] + "]")) addresses.push_back(address_of(fields[1]));
    }
  }
  return addresses;
}

}  // namespace sshost::test
