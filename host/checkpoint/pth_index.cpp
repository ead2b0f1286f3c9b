#include "checkpoint/pth_index.h"

#include <algorithm>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/printable.h"
#include "checkpoint/pickle_reader.h"
#include "checkpoint/pth_tensors.h"
#include "checkpoint/state_dict.h"
#include "checkpoint/zip_directory.h"

namespace sshost::checkpoint {
namespace {

using Kind = PickleValue::Kind;

constexpr uint64_t kHeapBytes = 24 << 20;  // beside the file's size
constexpr uint64_t kMostPickleBytes = uint64_t{1} << 28;
constexpr std::string_view kMagic = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";  // torch.serialization.MAGIC_NUMBER
constexpr int64_t kProtocol = 1001;

PickleHeap make_heap(const ByteSource& source) { return {source.name(), source.size() + kHeapBytes}; }

TensorIndex make_index(const char* format, const StateDict& dict) {
  TensorIndex index;
  index.format = format;
  index.part = dict.part;
  index.beside = dict.beside;
  index.other_parts = dict.other_parts;
  index.classes = dict.classes;
  return index;
}

// ---- zip

const ZipEntry* find(const std::vector<ZipEntry>& entries, const std::string& name) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const ZipEntry& e) { return e.name == name; });
  return found == entries.end() ? nullptr : &*found;
}

// What other programs put into zip archives.
std::string hint_of(const std::vector<ZipEntry>& entries) {
  const auto with_ending = [&](std::initializer_list<std::string_view> endings) {
    return std::find_if(entries.begin(), entries.end(), [&](const ZipEntry& entry) {
      return std::any_of(endings.begin(), endings.end(), [&](auto ending) { return entry.name.ends_with(ending); });
    });
  };
  if (with_ending({".npy"}) != entries.end()) {
    return ", but NumPy's arrays: save them by safetensors.numpy.save_file(dict(numpy.load(FILE)), \"x.safetensors\")";
  }
  const auto packed = with_ending({".pth", ".pt", ".safetensors", ".ckpt", ".tar"});
  return packed == entries.end() ? "" : ". Unpack it: it holds " + printable_line(packed->name.substr(0, 100));
}

// The folder that everything lies in, with its slash.
std::string archive_name(const std::vector<ZipEntry>& entries, const ByteSource& source) {
  constexpr std::string_view kPickle = "/data.pkl";
  for (const ZipEntry& entry : entries) {
    const std::string_view name = entry.name;
    if (name.ends_with(kPickle) && name.find('/') == name.size() - kPickle.size()) {
      return entry.name.substr(0, name.size() - kPickle.size() + 1);
    }
  }
  throw Error(source.name() + ": a zip archive, but not one of torch.save: it has no data.pkl" + hint_of(entries));
}

bool is_big_endian(const std::vector<ZipEntry>& entries, const std::string& folder, const ByteSource& source) {
  const ZipEntry* entry = find(entries, folder + "byteorder");
  if (entry == nullptr) return false;
  std::string order(std::min<uint64_t>(entry->bytes, 16), '\0');
  source.read(entry->position, order.data(), order.size());
  if (order != "little" && order != "big") throw Error(source.name() + ": damaged: unknown byte order");
  return order == "big";
}

StoragePlaces places_of(const std::vector<ZipEntry>& entries, const std::string& folder, bool big_endian) {
  StoragePlaces places;
  const std::string prefix = folder + "data/";
  for (const ZipEntry& entry : entries) {
    if (!entry.name.starts_with(prefix)) continue;
    StoredBytes bytes;
    bytes.key = entry.name.substr(prefix.size());
    bytes.position = entry.position;
    bytes.bytes = entry.bytes;
    bytes.big_endian = big_endian;
    bytes.crc32 = entry.crc32;
    places.emplace(bytes.key, bytes);
  }
  return places;
}

// The check sum of a record that is not a storage's.
void check_record(const ByteSource& source, const ZipEntry& entry) {
  if (entry.bytes > kMostPickleBytes) {
    throw Error(source.name() + ": its data.pkl has " + std::to_string(entry.bytes) + " bytes, expected at most " +
                std::to_string(kMostPickleBytes) + ": it only names what lies beside it");
  }
  std::string text(entry.bytes, '\0');
  StoredBytes bytes;
  bytes.key = entry.name;
  bytes.position = entry.position;
  bytes.bytes = entry.bytes;
  bytes.crc32 = entry.crc32;
  load(source, bytes, text.data());
}

// ---- legacy

PickleRef read_part(PickleCursor& cursor, PickleHeap& heap, Kind kind, const char* what) {
  const PickleRef value = read_pickle(cursor, heap);
  if (heap.at(value).kind != kind) cursor.fail(std::string("it has no ") + what);
  return value;
}

void read_magic(PickleCursor& cursor, PickleHeap& heap) {
  const PickleRef magic = read_pickle(cursor, heap);
  if (heap.at(magic).kind != Kind::big || heap.at(magic).text != kMagic) {
    cursor.fail(
        "a pickle, but not one of torch.save (of detectron2's model zoo, perhaps: load it in Python and save its "
        "arrays "
        "by torch.save),");
  }
  const PickleRef protocol = read_part(cursor, heap, Kind::integer, "version");
  if (heap.at(protocol).integer != kProtocol) {
    cursor.fail("version " + std::to_string(heap.at(protocol).integer) + ", only 1001 is known,");
  }
  read_part(cursor, heap, Kind::dict, "description of the machine");
}

// Every storage that the pickle names, read or not: their bytes follow each other.
std::map<std::string, StorageName, std::less<>> all_storages(const PickleHeap& heap, const ByteSource& source) {
  std::map<std::string, StorageName, std::less<>> storages;
  const auto count = static_cast<PickleRef>(heap.values().size());
  for (PickleRef ref = 0; ref < count; ++ref) {
    const PickleValue& value = heap.at(ref);
    if (value.kind != Kind::persistent) continue;
    const PickleValue& identifier = heap.at(value.arguments);
    const bool is_storage = !identifier.items.empty() && heap.at(identifier.items[0]).text == "storage";
    if (!is_storage) continue;  // the source code of a class
    StorageName name = read_storage_name(heap, ref, source.name());
    if (storages.size() == kMaxTensors) throw Error(source.name() + ": it has more storages than any model");
    storages.emplace(name.key, std::move(name));
  }
  return storages;
}

// The bytes stand in the order of `keys`, each run behind its number of elements.
StoragePlaces read_places(PickleCursor& cursor, const PickleHeap& heap, PickleRef keys, const ByteSource& source) {
  const auto storages = all_storages(heap, source);
  StoragePlaces places;
  uint64_t position = cursor.position();
  for (const PickleRef key : heap.at(keys).items) {
    const auto known = storages.find(heap.at(key).text);
    if (known == storages.end()) throw Error(source.name() + ": damaged: a storage that nothing uses");
    PickleCursor size(source, position, position + 8);
    const uint64_t elements = size.little_endian(8);
    position = size.position();
    if (elements != known->second.elements) throw Error(source.name() + ": damaged: a storage has two sizes");
    StoredBytes bytes;
    bytes.key = known->first;
    bytes.position = position;
    bytes.bytes = elements * known->second.element_bytes();
    if (bytes.bytes > source.size() - position) {
      throw Error(source.name() + ": truncated: storage " + bytes.key.substr(0, 100) + " needs " +
                  std::to_string(bytes.bytes) + " bytes, " + std::to_string(source.size() - position) + " are left");
    }
    position += bytes.bytes;
    if (!places.emplace(known->first, bytes).second) throw Error(source.name() + ": damaged: a storage occurs twice");
  }
  return places;
}

}  // namespace

TensorIndex read_zip_pth(const ByteSource& source, const std::string& part) {
  const std::vector<ZipEntry> entries = read_zip_directory(source);
  const std::string folder = archive_name(entries, source);
  if (find(entries, folder + "constants.pkl") != nullptr) refuse_program(source);
  const ZipEntry& pickle = *find(entries, folder + "data.pkl");
  check_record(source, pickle);
  PickleHeap heap = make_heap(source);
  PickleCursor cursor(source, pickle.position, pickle.position + pickle.bytes);
  const PickleRef top = read_pickle(cursor, heap);
  const StateDict dict = find_state_dict(heap, top, part, source.name());
  TensorIndex index = make_index("PyTorch (zip)", dict);
  add_tensors(heap, dict, places_of(entries, folder, is_big_endian(entries, folder, source)), source, index);
  return index;
}

TensorIndex read_legacy_pth(const ByteSource& source, const std::string& part) {
  PickleHeap heap = make_heap(source);
  PickleCursor cursor(source, 0, source.size());
  read_magic(cursor, heap);
  const PickleRef top = read_pickle(cursor, heap);
  const PickleRef keys = read_part(cursor, heap, Kind::list, "list of its storages");
  const StoragePlaces places = read_places(cursor, heap, keys, source);
  const StateDict dict = find_state_dict(heap, top, part, source.name());
  TensorIndex index = make_index("PyTorch (legacy)", dict);
  add_tensors(heap, dict, places, source, index);
  return index;
}

}  // namespace sshost::checkpoint
