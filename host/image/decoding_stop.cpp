#include "image/decoding_stop.h"

#include "base/error.h"

namespace sshost::image {
namespace {

thread_local const std::atomic<bool>* current = nullptr;

}  // namespace

DecodingStop::DecodingStop(const std::atomic<bool>* flag) : outer_(current) { current = flag; }

DecodingStop::~DecodingStop() { current = outer_; }

bool DecodingStop::is_set() noexcept { return current != nullptr && *current; }

void DecodingStop::check() {
  if (is_set()) throw Error("its decoding was stopped");
}

}  // namespace sshost::image
