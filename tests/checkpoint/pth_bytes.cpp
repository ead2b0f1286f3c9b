#include "checkpoint/pth_bytes.h"

namespace sshost::test {
namespace {

const std::string kProtocol = "\x80\x02";
const std::string kMagic("\x80\x02\x8a\x0al\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.", 15);
const std::string kVersion("\x80\x02M\xe9\x03.", 6);

uint64_t shifted(uint64_t value, int64_t by) { return value + static_cast<uint64_t>(by); }

std::string central_entry(const ZipFile& file, uint64_t offset) {
  const uint64_t size = shifted(file.bytes.size(), file.extra_size);
  return "PK\x01\x02" + std::string(4, '\0') + std::string(2, '\0') + little_endian(file.method, 2) +
         std::string(8, '\0') + little_endian(size, 4) + little_endian(size, 4) + little_endian(file.name.size(), 2) +
         std::string(12, '\0') + little_endian(shifted(offset, file.extra_offset), 4) + file.name;
}

std::string numbers(const std::vector<int64_t>& values) {
  std::vector<std::string> items;
  for (const int64_t value : values) items.push_back(pickle_integer(value));
  return pickle_tuple(items);
}

}  // namespace

std::string little_endian(uint64_t value, unsigned bytes) {
  std::string text;
  for (unsigned i = 0; i < bytes; ++i) text += static_cast<char>(value >> 8 * i);
  return text;
}

std::string zip_of(const std::vector<ZipFile>& files) {
  std::string archive;
  std::string directory;
  for (const ZipFile& file : files) {
    directory += central_entry(file, archive.size());
    archive += "PK\x03\x04" + std::string(22, '\0') + little_endian(file.name.size(), 2) + std::string(2, '\0');
    archive += file.name + file.bytes;
  }
  const std::string count = little_endian(files.size(), 2);
  return archive + directory + "PK\x05\x06" + std::string(4, '\0') + count + count +
         little_endian(directory.size(), 4) + little_endian(archive.size(), 4) + std::string(2, '\0');
}

std::string zip_pth(const std::string& pickle, const std::vector<std::string>& storages) {
  std::vector<ZipFile> files = {{"a/data.pkl", pickle}, {"a/byteorder", "little"}};
  for (size_t i = 0; i < storages.size(); ++i) files.push_back({"a/data/" + std::to_string(i), storages[i]});
  return zip_of(files);
}

std::string legacy_pth(const std::string& pickle, const std::vector<LegacyStorage>& storages) {
  std::string keys = "](";
  std::string data;
  for (const LegacyStorage& storage : storages) {
    keys += pickle_text(storage.key);
    data += little_endian(storage.elements, 8) + storage.bytes;
  }
  return kMagic + kVersion + pickle_of("}") + pickle + pickle_of(keys + "e") + data;
}

std::string pickle_text(const std::string& text) { return "X" + little_endian(text.size(), 4) + text; }
std::string pickle_integer(int64_t value) { return "\x8a\x08" + little_endian(static_cast<uint64_t>(value), 8); }

std::string pickle_tuple(const std::vector<std::string>& items) {
  std::string text = "(";
  for (const std::string& item : items) text += item;
  return text + "t";
}

std::string pickle_global(const std::string& module, const std::string& name) {
  std::string text = "c";
  return text.append(module).append("\n").append(name).append("\n");
}

std::string pickle_dict(const std::vector<std::pair<std::string, std::string>>& items) {
  std::string text = "}(";
  for (const auto& [key, value] : items) text += pickle_text(key) + value;
  return text + "u";
}

std::string pickle_tensor(const TensorText& tensor) {
  std::vector<std::string> identifier = {pickle_text("storage"), pickle_global("torch", tensor.storage_class),
                                         pickle_text(tensor.key), pickle_text("cpu"), pickle_integer(tensor.elements)};
  if (!tensor.view.empty()) {
    identifier.push_back(
        pickle_tuple({pickle_text(tensor.key), pickle_integer(tensor.view.at(0)), pickle_integer(tensor.view.at(1))}));
  }
  const std::string storage = pickle_tuple(identifier) + "Q";
  return pickle_global("torch._utils", "_rebuild_tensor_v2") +
         pickle_tuple(
             {storage, pickle_integer(tensor.offset), numbers(tensor.shape), numbers(tensor.strides), "\x89", "}"}) +
         "R";
}

std::string pickle_of(const std::string& value) { return kProtocol + value + "."; }

}  // namespace sshost::test
