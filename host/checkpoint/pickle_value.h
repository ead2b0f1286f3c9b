#ifndef SSHOST_CHECKPOINT_PICKLE_VALUE_H
#define SSHOST_CHECKPOINT_PICKLE_VALUE_H

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace sshost::checkpoint {

// The place of a value on its heap.
using PickleRef = uint32_t;

// What a pickle describes, as it stands there. Calls are not made: an `object` says which global would be called with
// which arguments, and whoever reads the value decides what that means.
struct PickleValue {
  enum class Kind : uint8_t {
    none,
    boolean,     // integer
    integer,     // integer
    number,      // real
    big,         // an integer of more than 64 bits: text holds its bytes, little endian
    text,        // text
    bytes,       // text
    tuple,       // items
    list,        // items; a set too
    dict,        // items: key, value, key, value ...
    global,      // text: "module.name"; integer: the length of the module
    object,      // callable(arguments), then state; items as in a dict where pairs were set on it
    persistent,  // arguments: the identifier that the pickle's reader is to resolve
  };
  Kind kind = Kind::none;
  int64_t integer = 0;
  double real = 0;
  std::string text = {};
  std::vector<PickleRef> items = {};
  PickleRef callable = 0, arguments = 0, state = 0;  // 0: None
};

// All values of a pickle. References instead of pointers: nothing is nested, so no depth and no cycle can hurt.
class PickleHeap {
 public:
  static constexpr PickleRef kNone = 0;

  // Holds at most about `budget` bytes; a value more throws Error, whose text begins with `name`.
  PickleHeap(std::string name, uint64_t budget) : name_(std::move(name)), budget_(budget) { values_.emplace_back(); }

  // The value's text has been charged before it was read.
  PickleRef add(PickleValue value);
  void append(PickleRef list, PickleRef item);

  // For memory that the reader of the pickle takes besides.
  void charge(uint64_t bytes);

  PickleValue& at(PickleRef ref) { return values_.at(ref); }
  const PickleValue& at(PickleRef ref) const { return values_.at(ref); }
  const std::deque<PickleValue>& values() const { return values_; }

  // Of a dict or an object that pairs were set on; kNone where there is no such key.
  PickleRef find(PickleRef dict, std::string_view key) const;

 private:
  std::string name_;
  uint64_t budget_;
  uint64_t used_ = 0;
  std::deque<PickleValue> values_;
};

}  // namespace sshost::checkpoint

#endif  // SSHOST_CHECKPOINT_PICKLE_VALUE_H
