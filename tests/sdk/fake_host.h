// A host without LibTorch: tensors are counted handles with a shape, operators and layers record how they were called.
#ifndef SSHOST_TESTS_SDK_FAKE_HOST_H
#define SSHOST_TESTS_SDK_FAKE_HOST_H

#include <sshost/abi/plugin.h>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

// What the opaque handles of the ABI point to here.
struct ss_tensor_object {
  int64_t count = 1;
  std::vector<int64_t> sizes;
  ss_dtype dtype = SS_FLOAT32;
  std::vector<unsigned char> bytes;
};
struct ss_operator_object {
  std::string name;
};
struct ss_options_object {
  std::variant<bool, int64_t, double, std::string> value{};
  std::vector<std::pair<std::string, ss_options_object>> children;  // of a struct or map; a list has empty keys
  bool is_null = false;
};

namespace sshost::test {

using Options = ss_options_object;

inline Options value_of(std::variant<bool, int64_t, double, std::string> value) {
  return {std::move(value), {}, false};
}
inline Options null_value() { return {{}, {}, true}; }
inline Options group(std::vector<std::pair<std::string, Options>> children) { return {{}, std::move(children), false}; }
inline Options list(const std::vector<Options>& items) {
  Options result;
  for (const Options& item : items) result.children.emplace_back("", item);
  return result;
}

inline std::string text(ss_string from) { return from.size == 0 ? std::string() : std::string(from.data, from.size); }
inline ss_string to_abi(std::string_view from) { return {from.data(), from.size()}; }

// A parameter or buffer that a component declared.
struct DeclaredState {
  std::string name;
  std::vector<int64_t> sizes;
  bool operator==(const DeclaredState&) const = default;
};

// One at a time; its tables answer for the one that lives.
class FakeHost {
 public:
  FakeHost();
  ~FakeHost();
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;

  const ss_host* abi() const { return &abi_; }

  ss_tensor tensor(std::vector<int64_t> sizes, ss_dtype dtype = SS_FLOAT32);

  std::string last_message;
  int64_t live_tensors = 0;
  std::vector<std::string> calls;  // "aten::relu(tensor, 1, none)"
  uint32_t results = 1;            // that an operator gives
  std::vector<DeclaredState> states;
  std::vector<ss_conv_spec> convs;  // only their numbers are valid after the call
  ss_context_info context{};

  std::map<std::string, std::unique_ptr<ss_operator_object>, std::less<>> operators;

 private:
  ss_host abi_{};
};

}  // namespace sshost::test

#endif  // SSHOST_TESTS_SDK_FAKE_HOST_H
