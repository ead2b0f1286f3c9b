// Files of torch.save, byte by byte, as an attacker would write them.
#ifndef SSHOST_TESTS_CHECKPOINT_PTH_BYTES_H
#define SSHOST_TESTS_CHECKPOINT_PTH_BYTES_H

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace sshost::test {

// The low bytes of a number, little endian.
std::string little_endian(uint64_t value, unsigned bytes);

// What a zip archive says of one of its files; by default the truth.
struct ZipFile {
  std::string name;
  std::string bytes;
  uint16_t method = 0;
  int64_t extra_size = 0;    // that the directory claims on top
  int64_t extra_offset = 0;  // of the local header
};
std::string zip_of(const std::vector<ZipFile>& files);

// An archive "a/" with this pickle and storages "0", "1" ...
std::string zip_pth(const std::string& pickle, const std::vector<std::string>& storages = {});

// The legacy stream: magic number, version, machine, pickle, keys, and for each key its count and bytes.
struct LegacyStorage {
  std::string key;
  uint64_t elements;
  std::string bytes;
};
std::string legacy_pth(const std::string& pickle, const std::vector<LegacyStorage>& storages = {});

// Parts of pickles, without the protocol and the final stop.
std::string pickle_text(const std::string& text);
std::string pickle_integer(int64_t value);
std::string pickle_tuple(const std::vector<std::string>& items);
std::string pickle_global(const std::string& module, const std::string& name);
std::string pickle_dict(const std::vector<std::pair<std::string, std::string>>& items);  // keys are texts

struct TensorText {
  std::vector<int64_t> shape;
  std::vector<int64_t> strides;
  int64_t offset = 0;
  int64_t elements = 0;  // of the storage, as the pickle claims
  std::string key = "0";
  std::string storage_class = "FloatStorage";
  std::vector<int64_t> view = {};  // of the storage, in another one: offset and size; empty: none
};
std::string pickle_tensor(const TensorText& tensor);

// A whole pickle of one value.
std::string pickle_of(const std::string& value);

}  // namespace sshost::test

#endif  // SSHOST_TESTS_CHECKPOINT_PTH_BYTES_H
