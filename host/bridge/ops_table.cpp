#include <deque>
#include <map>
#include <mutex>

#include "bridge/arguments.h"
#include "bridge/boundary.h"
#include "bridge/call_count.h"
#include "bridge/operator.h"
#include "bridge/results.h"
#include "bridge/tables.h"

namespace sshost::bridge {
namespace {

// Every operator resolved so far, one object for each name. Never destroyed: plugins keep what they resolved for as
// long as the process lives.
class Operators {
 public:
  ss_operator resolve(std::string_view name) {
    const std::lock_guard lock(mutex_);
    const auto found = known_.find(name);
    if (found != known_.end()) return found->second.get();
    return known_.emplace(name, make_operator(name)).first->second.get();
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::unique_ptr<const ss_operator_object>, std::less<>> known_;
};

Operators& operators() {
  static auto& instance = *new Operators;
  return instance;
}

// One argument stack for each depth of nested calls on a thread: kernels hold references into theirs while a hook calls
// the next operator. Stacks keep their memory between calls.
struct ThreadStacks {
  std::deque<torch::jit::Stack> stacks;  // references stay valid while it grows
  size_t depth = 0;
};

thread_local ThreadStacks thread_stacks;

class StackLease {
 public:
  StackLease() : owner_(thread_stacks), stack_(next(owner_)) { ++owner_.depth; }
  ~StackLease() {
    stack_.clear();
    --owner_.depth;
  }
  StackLease(const StackLease&) = delete;
  StackLease& operator=(const StackLease&) = delete;
  torch::jit::Stack& operator*() const { return stack_; }

 private:
  static torch::jit::Stack& next(ThreadStacks& owner) {
    return owner.depth < owner.stacks.size() ? owner.stacks[owner.depth] : owner.stacks.emplace_back();
  }

  ThreadStacks& owner_;
  torch::jit::Stack& stack_;
};

ss_status resolve(ss_string name, ss_operator* out) {
  return guarded([&] { *out = operators().resolve(view(name)); });
}

ss_status fail_too_small(const ss_operator_object& op, uint32_t needed, uint32_t room) {
  return fail(SS_TOO_SMALL, op.name + ": " + std::to_string(needed) + " results, room for " + std::to_string(room));
}

// For a catch block: LibTorch's messages do not always say which operator they are about.
ss_status fail_in(const ss_operator_object& op) {
  const ss_status status = fail_with_current_exception();
  return fail(status, op.name + ": " + std::string(message()));
}

ss_status call(ss_operator op, const ss_value* arguments, uint32_t argument_count, ss_value* results,
               uint32_t* result_count) {
  return guarded([&] {
    count_operator_call();
    const StackLease stack;
    push_arguments(*op, {arguments, argument_count}, *stack);
    try {
      op->handle.callBoxed(*stack);
    } catch (...) {
      return fail_in(*op);
    }
    const uint32_t room = *result_count;
    *result_count = store_results(*op, *stack, {results, room});
    return *result_count <= room ? ss_status{SS_OK} : fail_too_small(*op, *result_count, room);
  });
}

constexpr ss_ops_table kTable = {resolve, call};

}  // namespace

const ss_ops_table* ops_table() { return &kTable; }

bool has_operator(std::string_view name) { return find_operator(name).has_value(); }

}  // namespace sshost::bridge
