#include "conform/paged.h"

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <string>

#include "base/error.h"

namespace sshost::conform {
namespace {

struct Pages {
  uint8_t* begin;
  std::size_t room;  // the page that may not be touched comes behind it
};

Pages map_pages(std::size_t bytes) {
  const auto page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  const std::size_t room = (bytes + page - 1) / page * page;
  void* mapped = mmap(nullptr, room + page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (mapped == MAP_FAILED) throw Error("no memory for a buffer of " + std::to_string(bytes) + " bytes");
  auto* begin = static_cast<uint8_t*>(mapped);
  mprotect(begin + room, page, PROT_NONE);
  return {begin, room};
}

}  // namespace

void* buffer_before_a_page(std::size_t bytes) {
  const Pages pages = map_pages(bytes);
  return pages.begin + pages.room - bytes;
}

const void* read_only_copy(const void* data, std::size_t bytes) {
  const Pages pages = map_pages(bytes);
  uint8_t* copy = pages.begin + pages.room - bytes;
  std::memcpy(copy, data, bytes);
  mprotect(pages.begin, pages.room, PROT_READ);
  return copy;
}

}  // namespace sshost::conform
