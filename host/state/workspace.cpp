#include "state/workspace.h"

#include <ATen/ops/empty.h>
#include <ATen/ops/from_blob.h>
#include <c10/util/strides.h>

#include <algorithm>
#include <cstddef>
#include <cstdlib>
#include <map>
#include <mutex>
#include <new>
#include <vector>

namespace sshost::state {
namespace {

constexpr size_t kAlignment = 64;
constexpr size_t kSmall = size_t{64} << 10;  // what the system hands out fast

size_t bytes_of(at::IntArrayRef sizes) {
  size_t bytes = sizeof(float);
  for (const int64_t size : sizes) bytes *= static_cast<size_t>(size);
  return bytes;
}

std::vector<int64_t> strides_of(at::IntArrayRef sizes, at::MemoryFormat format) {
  if (format == at::MemoryFormat::ChannelsLast) return c10::get_channels_last_strides_2d(sizes);
  const c10::DimVector strides = c10::contiguous_strides(sizes);
  return {strides.begin(), strides.end()};
}

}  // namespace

class Workspace::Pool {
 public:
  Pool() = default;
  Pool(const Pool&) = delete;
  Pool& operator=(const Pool&) = delete;
  ~Pool() { release_free(); }

  struct Block {
    void* data;
    size_t bytes;
  };

  Block take(size_t wanted) {
    const size_t bytes = (wanted + kAlignment - 1) / kAlignment * kAlignment;
    const std::lock_guard lock(mutex_);
    const Block block = find_or_allocate(bytes);
    used_ += block.bytes;
    most_used_ = std::max(most_used_, used_);
    return block;
  }

  size_t bytes() {
    const std::lock_guard lock(mutex_);
    return used_ + free_bytes_;
  }

  void give_back(const Block& block) {
    const std::lock_guard lock(mutex_);
    used_ -= block.bytes;
    free_bytes_ += block.bytes;
    free_.emplace(block.bytes, block.data);
  }

 private:
  Block find_or_allocate(size_t bytes) {
    const auto found = free_.lower_bound(bytes);
    if (found != free_.end() && found->first <= 2 * bytes) {
      const Block block{found->second, found->first};
      free_bytes_ -= block.bytes;
      free_.erase(found);
      return block;
    }
    // Blocks of sizes that are no longer asked for must not pile up.
    if (used_ + free_bytes_ + bytes > std::max(most_used_, used_ + bytes) / 2 * 3) release_free();
    void* data = std::aligned_alloc(kAlignment, bytes);
    if (data == nullptr) throw std::bad_alloc();
    return {data, bytes};
  }

  void release_free() {
    for (const auto& [bytes, data] : free_) std::free(data);
    free_.clear();
    free_bytes_ = 0;
  }

  std::mutex mutex_;
  std::multimap<size_t, void*> free_;
  size_t free_bytes_ = 0;
  size_t used_ = 0;
  size_t most_used_ = 0;
};

Workspace::Workspace() : pool_(std::make_shared<Pool>()) {}

size_t Workspace::bytes() const { return pool_->bytes(); }

at::Tensor Workspace::empty(at::IntArrayRef sizes, at::MemoryFormat format) {
  const size_t bytes = bytes_of(sizes);
  if (bytes < kSmall) return at::empty(sizes, at::kFloat, std::nullopt, std::nullopt, std::nullopt, format);
  const Pool::Block block = pool_->take(bytes);
  const auto give_back = [pool = pool_, block](void*) { pool->give_back(block); };
  return at::from_blob(block.data, sizes, strides_of(sizes, format), give_back, at::kFloat);
}

}  // namespace sshost::state
