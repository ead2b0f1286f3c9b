#include "checkpoint/zip_directory.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string_view>
#include <utility>

#include "base/error.h"

// Why no library: what a checkpoint needs of zip is three kinds of records, and it needs to know where in the archive
// the bytes lie (tensors are read straight from there) and that no two entries share them, which libzip does not tell.

namespace sshost::checkpoint {
namespace {

constexpr uint64_t kEndBytes = 22;
constexpr uint64_t kLocatorBytes = 20;
constexpr uint64_t kEnd64Bytes = 56;
constexpr uint64_t kCentralBytes = 46;
constexpr uint64_t kLocalBytes = 30;
constexpr uint32_t kEndMark = 0x06054b50;
constexpr uint32_t kLocatorMark = 0x07064b50;
constexpr uint32_t kEnd64Mark = 0x06064b50;
constexpr uint32_t kCentralMark = 0x02014b50;
constexpr uint32_t kLocalMark = 0x04034b50;
constexpr uint64_t kMaxDirectoryBytes = 8 << 20;
constexpr uint64_t kMaxEntries = 65'536;
constexpr uint32_t kEncrypted = 1;

// Numbers of a record, little endian.
class Record {
 public:
  Record(const ByteSource& source, uint64_t position, uint64_t bytes) : text_(bytes, '\0') {
    source.read(position, text_.data(), bytes);
  }
  uint64_t number(uint64_t offset, unsigned bytes) const { return number_in(text_, offset, bytes); }
  std::string_view text(uint64_t offset, uint64_t bytes) const { return std::string_view(text_).substr(offset, bytes); }

  static uint64_t number_in(std::string_view text, uint64_t offset, unsigned bytes) {
    uint64_t value = 0;
    for (unsigned i = 0; i < bytes; ++i)
      value |= static_cast<uint64_t>(static_cast<uint8_t>(text[offset + i])) << 8 * i;
    return value;
  }

 private:
  std::string text_;
};

struct Directory {
  uint64_t position, bytes, entries;
};

[[noreturn]] void fail(const ByteSource& source, const std::string& what) {
  throw Error(source.name() + ": not a zip archive, truncated or damaged: " + what);
}

// The end record stands at the archive's end, before a comment of up to 65,535 bytes.
uint64_t find_end(const ByteSource& source) {
  if (source.size() < kEndBytes) fail(source, "it has only " + std::to_string(source.size()) + " bytes");
  const uint64_t window = std::min<uint64_t>(source.size(), kEndBytes + 0xffff);
  const Record tail(source, source.size() - window, window);
  for (uint64_t back = kEndBytes; back <= window; ++back) {
    const uint64_t at = window - back;
    if (tail.number(at, 4) == kEndMark && tail.number(at + 20, 2) == back - kEndBytes) return source.size() - back;
  }
  fail(source, "it has no end record");
}

Directory read_end(const ByteSource& source) {
  const uint64_t position = find_end(source);
  const Record end(source, position, kEndBytes);
  Directory directory{end.number(16, 4), end.number(12, 4), end.number(10, 2)};
  uint64_t limit = position;
  if (position >= kLocatorBytes) {
    const Record locator(source, position - kLocatorBytes, kLocatorBytes);
    if (locator.number(0, 4) == kLocatorMark) {
      limit = locator.number(8, 8);
      const Record wide(source, limit, kEnd64Bytes);
      if (wide.number(0, 4) != kEnd64Mark) fail(source, "its 64-bit end record is not where it should be");
      directory = {wide.number(48, 8), wide.number(40, 8), wide.number(32, 8)};
    }
  }
  if (directory.position > limit || directory.bytes > limit - directory.position) {
    fail(source, "its directory does not lie inside");
  }
  if (directory.bytes > kMaxDirectoryBytes || directory.entries > kMaxEntries) {
    fail(source, "its directory is larger than that of any checkpoint");
  }
  return directory;
}

// The 64-bit values of an entry, for those of its fields that are all ones, in this order.
void widen(const ByteSource& source, std::string_view extra, std::array<uint64_t*, 3> fields) {
  while (extra.size() >= 4) {
    const uint64_t id = Record::number_in(extra, 0, 2);
    const uint64_t bytes = Record::number_in(extra, 2, 2);
    if (bytes > extra.size() - 4) return;  // other programs' fields are not ours to judge
    std::string_view values = extra.substr(4, bytes);
    extra.remove_prefix(4 + bytes);
    if (id != 1) continue;
    for (uint64_t* field : fields) {
      if (*field != 0xffffffff) continue;
      if (values.size() < 8) fail(source, "an entry has no 64-bit size");
      *field = Record::number_in(values, 0, 8);
      values.remove_prefix(8);
    }
    return;
  }
}

struct Found {
  ZipEntry entry;
  uint64_t local;  // where its local header is
};

void check_kind(const ByteSource& source, const Record& directory, uint64_t at, const std::string& name) {
  if (directory.number(at + 8, 2) & kEncrypted) throw Error(source.name() + ": \"" + name + "\" in it is encrypted");
  const uint64_t method = directory.number(at + 10, 2);
  if (method == 0) return;
  if (name.find("/code/") != std::string::npos) refuse_program(source);
  throw Error(source.name() + ": \"" + name + "\" in it is compressed (method " + std::to_string(method) +
              "), and torch.save does not compress; load it in PyTorch and save it again");
}

// One entry of the directory at `at`, which moves behind it.
Found read_central(const ByteSource& source, const Record& directory, uint64_t bytes, uint64_t& at) {
  if (bytes - at < kCentralBytes || directory.number(at, 4) != kCentralMark) fail(source, "its directory is damaged");
  const uint64_t name_bytes = directory.number(at + 28, 2);
  const uint64_t extra_bytes = directory.number(at + 30, 2);
  const uint64_t whole = kCentralBytes + name_bytes + extra_bytes + directory.number(at + 32, 2);
  if (whole > bytes - at) fail(source, "its directory is damaged");
  Found found{{std::string(directory.text(at + kCentralBytes, name_bytes)), 0, directory.number(at + 24, 4),
               static_cast<uint32_t>(directory.number(at + 16, 4))},
              directory.number(at + 42, 4)};
  check_kind(source, directory, at, found.entry.name);
  uint64_t compressed = directory.number(at + 20, 4);
  widen(source, directory.text(at + kCentralBytes + name_bytes, extra_bytes),
        {&found.entry.bytes, &compressed, &found.local});
  if (compressed != found.entry.bytes) fail(source, "\"" + found.entry.name + "\" has two sizes");
  at += whole;
  return found;
}

// Where the entry's bytes begin: behind its local header, whose name has to be the same.
void locate(const ByteSource& source, uint64_t limit, Found& found) {
  const std::string what = "\"" + found.entry.name + "\" does not lie inside";
  if (found.local > limit || limit - found.local < kLocalBytes) fail(source, what);
  const Record header(source, found.local, kLocalBytes);
  const uint64_t name_bytes = header.number(26, 2);
  const uint64_t begin = found.local + kLocalBytes + name_bytes + header.number(28, 2);
  if (header.number(0, 4) != kLocalMark || name_bytes != found.entry.name.size()) {
    fail(source, "\"" + found.entry.name + "\" has no header");
  }
  if (begin > limit || found.entry.bytes > limit - begin) fail(source, what);
  const Record name(source, found.local + kLocalBytes, name_bytes);
  if (name.text(0, name_bytes) != found.entry.name) fail(source, "\"" + found.entry.name + "\" has two names");
  found.entry.position = begin;
}

void check_overlaps(const ByteSource& source, std::vector<Found>& all) {
  std::sort(all.begin(), all.end(), [](const Found& a, const Found& b) { return a.local < b.local; });
  for (size_t i = 1; i < all.size(); ++i) {
    if (all[i - 1].entry.position + all[i - 1].entry.bytes <= all[i].local) continue;
    fail(source, "\"" + all[i - 1].entry.name + "\" and \"" + all[i].entry.name + "\" overlap");
  }
}

}  // namespace

void refuse_program(const ByteSource& source) {
  throw Error(source.name() +
              ": is a TorchScript archive (torch.jit.save): a program with its weights; save these alone, in Python: "
              "torch.save(torch.jit.load(\"model.pt\").state_dict(), \"weights.pth\")");
}

std::vector<ZipEntry> read_zip_directory(const ByteSource& source) {
  const Directory place = read_end(source);
  const Record directory(source, place.position, place.bytes);
  std::vector<Found> all;
  std::set<std::string_view> names;
  for (uint64_t at = 0; at < place.bytes;) {
    all.push_back(read_central(source, directory, place.bytes, at));
    locate(source, place.position, all.back());
    if (all.size() > place.entries) break;
  }
  if (all.size() != place.entries) fail(source, "its directory has another number of entries than it says");
  check_overlaps(source, all);
  std::vector<ZipEntry> entries;
  for (Found& found : all) entries.push_back(std::move(found.entry));
  for (const ZipEntry& entry : entries) {
    if (!names.insert(entry.name).second) throw Error(source.name() + ": \"" + entry.name + "\" is in it twice");
  }
  return entries;
}

}  // namespace sshost::checkpoint
