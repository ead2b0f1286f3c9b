#include "checkpoint/pth_writer.h"

#include <ATen/core/Dict.h>
#include <ATen/core/Tensor.h>
#include <caffe2/serialize/inline_container.h>
#include <torch/csrc/jit/serialization/pickler.h>

#include <exception>
#include <string>
#include <vector>

#include "base/error.h"
#include "checkpoint/torch_element_type.h"
#include "file/atomic_file.h"

namespace sshost::checkpoint {
namespace {

constexpr uint64_t kBytesPerRecord = 512;  // headers, padding and the pickle's part, about

using StateDict = c10::Dict<std::string, at::Tensor>;

StateDict state_dict_of(const TensorFile& file) {
  StateDict state;
  for (const auto& [name, tensor] : file.tensors) {
    const auto type = from_torch(tensor.scalar_type());
    if (!type || !has_storage_class(*type)) {
      throw Error("cannot save tensor \"" + name + "\": a .pth file has no storage for " +
                  toString(tensor.scalar_type()));
    }
    // A copy where the tensor is a part of its storage, which would be written as a whole.
    at::Tensor whole = tensor.detach().cpu().contiguous();
    if (whole.storage().nbytes() != whole.nbytes()) whole = whole.clone();
    if (!state.insert(name, whole).second) {
      throw Error("cannot save tensor \"" + name + "\": there are two of that name");
    }
  }
  return state;
}

// A file that takes what the archive's writer gives it. That one may write once more while it is destroyed, so that a
// failure is kept instead of thrown, and nothing is written after it.
class Sink {
 public:
  Sink(const std::filesystem::path& path, uint64_t bytes) : file_(path, bytes) {}

  size_t write(const void* data, size_t bytes) noexcept {
    try {
      if (!failure_) file_.write({static_cast<const char*>(data), bytes});
    } catch (...) {
      failure_ = std::current_exception();
    }
    return bytes;
  }
  void check() const {
    if (failure_) std::rethrow_exception(failure_);
  }
  void commit() {
    check();
    file_.commit();
  }

 private:
  file::AtomicFile file_;
  std::exception_ptr failure_;
};

}  // namespace

void write_pth(const std::filesystem::path& path, const TensorFile& file) {
  const StateDict state = state_dict_of(file);
  std::string pickle;
  torch::jit::Pickler pickler([&](const char* data, size_t bytes) { pickle.append(data, bytes); }, nullptr, nullptr,
                              nullptr, nullptr, /*tag_aggregates=*/false);
  pickler.protocol();
  pickler.pushIValue(state);
  pickler.stop();
  const std::vector<at::Tensor>& storages = pickler.tensorData();
  uint64_t bytes = pickle.size() + (storages.size() + 8) * kBytesPerRecord;
  for (const at::Tensor& storage : storages) bytes += storage.nbytes();

  Sink sink(path, bytes);
  {
    caffe2::serialize::PyTorchStreamWriter archive([&](const void* data, size_t n) { return sink.write(data, n); });
    archive.writeRecord("data.pkl", pickle.data(), pickle.size());
    archive.writeRecord("byteorder", "little", 6);
    for (size_t i = 0; i < storages.size(); ++i) {
      archive.writeRecord("data/" + std::to_string(i), storages[i].const_data_ptr(), storages[i].nbytes());
      sink.check();
    }
    archive.writeEndOfFile();
  }
  sink.commit();
}

}  // namespace sshost::checkpoint
