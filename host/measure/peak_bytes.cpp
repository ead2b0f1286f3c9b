#include "measure/peak_bytes.h"

#include <c10/core/Allocator.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <c10/util/StringUtil.h>
#include <c10/util/ThreadLocalDebugInfo.h>
#include <malloc.h>

#include <algorithm>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>

#include "base/error.h"

namespace sshost::measure {
namespace {

// A field of the kernel's account of this process, which counts in kB.
int64_t status_bytes(const std::string& field) {
  constexpr const char* kPath = "/proc/self/status";
  std::ifstream status(kPath);
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(field)) return std::stoll(line.substr(field.size())) * 1024;
  }
  throw Error(c10::str(kPath, " does not tell ", field));
}

MemoryUse of_process(const std::function<void()>& work) {
  malloc_trim(0);                                 // what was freed but kept is not in use
  std::ofstream("/proc/self/clear_refs") << "5";  // sets the peak to what is resident now
  const int64_t before = status_bytes("VmRSS:");
  work();
  return {before, status_bytes("VmHWM:")};
}

MemoryUse of_allocator(at::Device device, const std::function<void()>& work) {
  auto* allocator = dynamic_cast<c10::DeviceAllocator*>(c10::GetAllocator(device.type()));
  if (allocator == nullptr) throw Error("LibTorch does not count the memory of " + device.str());
  const c10::DeviceIndex index = device.has_index() ? device.index() : c10::DeviceIndex{0};
  const auto allocated = [&] {
    return allocator->getDeviceStats(index)
        .allocated_bytes[static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE)];
  };
  allocator->resetPeakStats(index);
  const int64_t before = allocated().current;
  work();
  return {before, allocated().peak};
}

// What LibTorch's CPU allocator reports while it is alive.
class AllocationRecord final : public c10::MemoryReportingInfoBase {
 public:
  void reportMemoryUsage(void*, int64_t bytes, size_t, size_t, c10::Device) override {
    const std::lock_guard lock(mutex_);
    current_ += bytes;  // below 0 where something is freed
    peak_ = std::max(peak_, current_);
  }
  bool memoryProfilingEnabled() const override { return true; }

  int64_t peak() const { return peak_; }

 private:
  std::mutex mutex_;
  int64_t current_ = 0;
  int64_t peak_ = 0;
};

}  // namespace

MemoryUse measure_memory(at::Device device, const std::function<void()>& work) {
  return device.is_cpu() ? of_process(work) : of_allocator(device, work);
}

int64_t peak_of_tensors(at::Device device, const std::function<void()>& work) {
  if (!device.is_cpu()) {
    const MemoryUse use = of_allocator(device, work);
    return use.peak - use.before;
  }
  const auto record = std::make_shared<AllocationRecord>();
  const c10::DebugInfoGuard guard(c10::DebugInfoKind::PROFILER_STATE, record);
  work();
  return record->peak();
}

}  // namespace sshost::measure
