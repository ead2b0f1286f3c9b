#include "checkpoint/pth_tensors.h"

#include <set>
#include <string_view>
#include <utility>

#include "base/error.h"
#include "base/printable.h"

namespace sshost::checkpoint {
namespace {

using Kind = PickleValue::Kind;

// The arguments of the call that would make a tensor, read one by one.
class Arguments {
 public:
  Arguments(const PickleHeap& heap, PickleRef tuple, std::string where) : heap_(heap), where_(std::move(where)) {
    if (heap.at(tuple).kind != Kind::tuple) fail("its arguments are no tuple");
    items_ = &heap.at(tuple).items;
  }

  size_t size() const { return items_->size(); }
  PickleRef at(size_t i) const {
    if (i >= items_->size()) fail("it has only " + std::to_string(items_->size()) + " arguments");
    return (*items_)[i];
  }
  int64_t integer(size_t i) const { return integer_of(at(i)); }
  const std::string& text(size_t i) const {
    const PickleValue& value = heap_.at(at(i));
    if (value.kind != Kind::text && value.kind != Kind::global) fail("argument " + std::to_string(i) + " is no text");
    return value.text;
  }
  // A tuple of integers, or torch.Size of one.
  std::vector<int64_t> integers(size_t i) const {
    const PickleValue* value = &heap_.at(at(i));
    if (value->kind == Kind::object && heap_.at(value->callable).text == "torch.Size") {
      const PickleValue& arguments = heap_.at(value->arguments);
      if (arguments.items.size() == 1) value = &heap_.at(arguments.items[0]);
    }
    if (value->kind != Kind::tuple && value->kind != Kind::list) fail("its shape or its strides are no tuple");
    if (value->items.size() > kMaxAxes) fail("it has " + std::to_string(value->items.size()) + " axes");
    std::vector<int64_t> integers;
    for (const PickleRef item : value->items) integers.push_back(integer_of(item));
    return integers;
  }
  [[noreturn]] void fail(const std::string& what) const { throw Error(where_ + ": " + what); }

 private:
  static constexpr size_t kMaxAxes = 64;

  int64_t integer_of(PickleRef ref) const {
    const PickleValue& value = heap_.at(ref);
    if (value.kind != Kind::integer) fail("a size, a stride or an offset of it is no integer");
    return value.integer;
  }

  const PickleHeap& heap_;
  std::string where_;
  const std::vector<PickleRef>* items_ = nullptr;
};

// _rebuild_parameter(tensor, ...) and _rebuild_from_type_v2(function, type, arguments, ...) stand around a plain
// tensor.
struct Call {
  std::string_view function;
  PickleRef arguments;
};

Call unwrapped(const PickleHeap& heap, PickleRef ref, const std::string& where) {
  constexpr int kMaxDepth = 8;
  Call call{heap.at(heap.at(ref).callable).text, heap.at(ref).arguments};
  for (int depth = 0; depth < kMaxDepth; ++depth) {
    const bool parameter = call.function.starts_with("torch._utils._rebuild_parameter");
    const bool subclass = call.function == "torch._tensor._rebuild_from_type_v2";
    if (!parameter && !subclass) return call;
    const Arguments arguments(heap, call.arguments, where);
    if (subclass) {
      call = {arguments.text(0), arguments.at(2)};
      continue;
    }
    const PickleValue& inner = heap.at(arguments.at(0));
    if (inner.kind != Kind::object) arguments.fail("it is a parameter of nothing");
    call = {heap.at(inner.callable).text, inner.arguments};
  }
  throw Error(where + ": it is a parameter of a parameter of a parameter");
}

// Element type from a global such as "torch.float32".
std::optional<ElementType> type_named(std::string_view global) {
  constexpr std::string_view kModule = "torch.";
  if (!global.starts_with(kModule)) return std::nullopt;
  return torch_type(global.substr(kModule.size()));
}

bool has_marks(const PickleHeap& heap, const Arguments& arguments, size_t i) {
  return arguments.size() > i && !heap.at(arguments.at(i)).items.empty();
}

class TensorReader {
 public:
  TensorReader(const PickleHeap& heap, const StoragePlaces& places, const ByteSource& source, TensorIndex& index)
      : heap_(heap), places_(places), source_(source), index_(index) {}

  void add(const std::string& name, PickleRef ref) {
    if (!names_.insert(name).second)
      throw Error(source_.name() + ": tensor \"" + printable_line(name) + "\" occurs twice");
    const std::string where = source_.name() + ": tensor \"" + printable_line(name) + "\"";
    const Call call = unwrapped(heap_, ref, where);
    const bool typed = call.function == "torch._utils._rebuild_tensor_v3";
    if (!typed && call.function != "torch._utils._rebuild_tensor_v2" &&
        call.function != "torch._utils._rebuild_tensor") {
      throw Error(where + ": it is made by " + std::string(call.function.substr(0, 100)) +
                  ", which is not read; plain dense tensors are");
    }
    const Arguments arguments(heap_, call.arguments, where);
    const StorageName storage = read_storage_name(heap_, arguments.at(0), where);
    StoredTensor tensor{name, ElementType::f32, arguments.integers(2), arguments.integers(3), arguments.integer(1), 0};
    tensor.type = type_of(storage, arguments, typed);
    if (has_marks(heap_, arguments, typed ? 7 : 6)) arguments.fail("it is stored conjugated or negated");
    tensor.storage = storage_index(storage, tensor.type, where);
    const StoredBytes& bytes = index_.storages[tensor.storage];
    check_view(tensor, bytes, source_);
    tensor.offset += static_cast<int64_t>(storage.view_offset);
    check_view(tensor, bytes, source_);
    index_.tensors.push_back(std::move(tensor));
  }

 private:
  static ElementType type_of(const StorageName& storage, const Arguments& arguments, bool typed) {
    const std::optional<ElementType> type = typed ? type_named(arguments.text(6)) : storage.type;
    if (!type) arguments.fail("its element type is not known");
    return *type;
  }

  size_t storage_index(const StorageName& storage, ElementType type, const std::string& where) {
    if (const auto known = indices_.find(storage.key); known != indices_.end()) {
      if (index_.storages[known->second].element_bytes != bytes_of(type) && is_turned(known->second)) {
        throw Error(where + ": its storage " + storage.key + " is also of another type, in a foreign byte order");
      }
      if (index_.storages[known->second].boolean != (type == ElementType::boolean)) {
        throw Error(where + ": its storage " + storage.key + " is of booleans in one tensor and not in another");
      }
      return known->second;
    }
    const auto place = places_.find(storage.key);
    if (place == places_.end()) throw Error(where + ": the file has no storage " + storage.key);
    StoredBytes bytes = place->second;
    bytes.element_bytes = type == ElementType::c64 || type == ElementType::c128 ? bytes_of(type) / 2 : bytes_of(type);
    bytes.boolean = type == ElementType::boolean;
    index_.storages.push_back(std::move(bytes));
    indices_.emplace(storage.key, index_.storages.size() - 1);
    return index_.storages.size() - 1;
  }
  bool is_turned(size_t storage) const { return index_.storages[storage].big_endian; }

  const PickleHeap& heap_;
  const StoragePlaces& places_;
  const ByteSource& source_;
  TensorIndex& index_;
  std::set<std::string> names_;
  std::map<std::string, size_t, std::less<>> indices_;
};

}  // namespace

StorageName read_storage_name(const PickleHeap& heap, PickleRef persistent, const std::string& where) {
  const PickleValue& value = heap.at(persistent);
  if (value.kind != Kind::persistent) throw Error(where + ": it has no storage");
  const Arguments identifier(heap, value.arguments, where);
  if (identifier.text(0) != "storage") identifier.fail("it has no storage");
  const std::string& storage_class = identifier.text(1);  // "torch.FloatStorage", "torch.cuda.FloatStorage"
  StorageName name{identifier.text(2), 0, storage_class_type(storage_class.substr(storage_class.rfind('.') + 1)), 0};
  if (!name.type) name.type = type_named(storage_class);
  const bool untyped = storage_class.ends_with("UntypedStorage");
  if (!name.type && !untyped) identifier.fail("unknown storage " + storage_class.substr(0, 100));
  const int64_t elements = identifier.integer(4);
  if (elements < 0) identifier.fail("its storage has a negative size");
  name.elements = static_cast<uint64_t>(elements);
  if (name.elements > UINT64_MAX / name.element_bytes()) identifier.fail("its storage is larger than any file");
  if (identifier.size() > 5 && heap.at(identifier.at(5)).kind != Kind::none) {
    const Arguments view(heap, identifier.at(5), where);  // key, offset, size
    if (view.integer(1) < 0 || view.integer(1) > elements) view.fail("its storage's offset is outside of the storage");
    name.view_offset = static_cast<uint64_t>(view.integer(1));
  }
  return name;
}

void add_tensors(const PickleHeap& heap, const StateDict& dict, const StoragePlaces& places, const ByteSource& source,
                 TensorIndex& index) {
  TensorReader reader(heap, places, source, index);
  for (const auto& [name, ref] : dict.tensors) reader.add(name, ref);
}

}  // namespace sshost::checkpoint
