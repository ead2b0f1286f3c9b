#include "checkpoint/pickle_value.h"

#include <limits>
#include <utility>

#include "base/error.h"

namespace sshost::checkpoint {
namespace {

constexpr uint64_t kItemBytes = 3 * sizeof(PickleRef);  // a vector that grows is there twice for a moment

}  // namespace

void PickleHeap::charge(uint64_t bytes) {
  if (bytes > budget_ - used_) throw Error(name_ + ": it describes more than a checkpoint of its size can hold");
  used_ += bytes;
}

PickleRef PickleHeap::add(PickleValue value) {
  charge(sizeof(PickleValue) + value.items.size() * kItemBytes);
  if (values_.size() >= std::numeric_limits<PickleRef>::max()) throw Error(name_ + ": it describes too many values");
  values_.push_back(std::move(value));
  return static_cast<PickleRef>(values_.size() - 1);
}

void PickleHeap::append(PickleRef list, PickleRef item) {
  charge(kItemBytes);
  at(list).items.push_back(item);
}

PickleRef PickleHeap::find(PickleRef dict, std::string_view key) const {
  const PickleValue& pairs = at(dict);
  if (pairs.kind != PickleValue::Kind::dict && pairs.kind != PickleValue::Kind::object) return kNone;
  for (size_t i = 0; i + 1 < pairs.items.size(); i += 2) {
    const PickleValue& found = at(pairs.items[i]);
    if (found.kind == PickleValue::Kind::text && found.text == key) return pairs.items[i + 1];
  }
  return kNone;
}

}  // namespace sshost::checkpoint
