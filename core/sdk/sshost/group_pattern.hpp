// A regular expression that finds what names have in common, such as "(patient_\\d+)".
//
// Both sides may be a stranger's: the expression comes with a checkpoint's pipeline, names come with a data set.
// std::regex recurses through both, a call or so for each state and letter, and tries all ways, of which there may be
// 2^n. So the expression is bounded in what it unfolds to, and the search in its depth and its steps. (RE2 needs no
// bound, but a plugin would have to bring it along: Debian's static one cannot be linked into a shared library.)
#ifndef SSHOST_GROUP_PATTERN_HPP
#define SSHOST_GROUP_PATTERN_HPP

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <optional>
#include <regex>
#include <string>
#include <string_view>
#include <vector>

#include "error.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace detail {

// Of a text that is searched. Each look at it costs a step of its budget; throws Error where none is left.
class CountingIterator {
 public:
  using iterator_category = std::bidirectional_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator() = default;
  CountingIterator(const char* at, int64_t& budget) : at_(at), budget_(&budget) {}

  reference operator*() const {
    pay();
    return *at_;
  }
  CountingIterator& operator++() {
    ++at_;
    return *this;
  }
  CountingIterator operator++(int) {
    CountingIterator before = *this;
    ++at_;
    return before;
  }
  CountingIterator& operator--() {
    --at_;
    return *this;
  }
  CountingIterator operator--(int) {
    CountingIterator before = *this;
    --at_;
    return before;
  }
  friend bool operator==(const CountingIterator& one, const CountingIterator& other) {
    one.pay();
    return one.at_ == other.at_;
  }

 private:
  void pay() const {
    if (budget_ != nullptr && --*budget_ < 0) throw Error("it takes too many steps");
  }

  const char* at_ = nullptr;
  int64_t* budget_ = nullptr;
};

// How many states an expression unfolds to, as far as its counts {n} and {n,m} multiply what stands before them.
// Estimated: what is no expression is told by std::regex.
inline uint64_t unfolded_size(std::string_view text) {
  constexpr uint64_t kMost = uint64_t{1} << 32;  // more is as much
  std::vector<uint64_t> sums{0};                 // of the brackets that are open
  uint64_t last = 0;                             // of what a count would multiply
  const auto add = [&](uint64_t size) {
    last = std::min(size, kMost);
    sums.back() = std::min(sums.back() + last, kMost);
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char letter = text[i];
    if (letter == '\\') {
      ++i;
      add(1);
    } else if (letter == '[') {
      for (++i; i < text.size() && text[i] != ']'; ++i) i += text[i] == '\\' ? 1 : 0;
      add(1);
    } else if (letter == '(') {
      sums.push_back(2);
    } else if (letter == ')' && sums.size() > 1) {
      const uint64_t inside = sums.back();
      sums.pop_back();
      add(inside);
    } else if (letter == '{') {
      uint64_t count = 0, most = 0;
      for (++i; i < text.size() && text[i] != '}'; ++i) {
        count =
            text[i] >= '0' && text[i] <= '9' ? std::min(10 * count + static_cast<uint64_t>(text[i] - '0'), kMost) : 0;
        most = std::max(most, count);
      }
      add(last * std::min(most, kMost / std::max<uint64_t>(last, 1)));
    } else {
      add(1);
    }
  }
  return sums.front();
}

}  // namespace detail

class GroupPattern {
 public:
  // Throws where the text is no regular expression (ECMAScript's), or one that unfolds to too much.
  explicit GroupPattern(const std::string& text) : text_(text), states_(detail::unfolded_size(text)) {
    constexpr uint64_t kMostBytes = 500, kMostStates = 2000;
    if (text.size() > kMostBytes || states_ > kMostStates) {
      throw Error("split.group: expected a regular expression of at most " + std::to_string(kMostBytes) +
                  " bytes that unfolds to at most " + std::to_string(kMostStates) + " of them, found a larger one");
    }
    try {
      expression_.assign(text);
    } catch (const std::regex_error& error) {
      throw Error("split.group: \"" + text + "\" is no regular expression: " + error.what());
    }
  }

  // The text that the expression, or its first part in brackets, finds in a name; nothing where it finds none. Throws
  // where the search takes too long.
  std::optional<std::string> find(const std::string& name) const {
    constexpr uint64_t kDeepest = 30'000;    // of 8 MB of stack about a third
    constexpr int64_t kMostSteps = 200'000;  // some milliseconds
    using Iterator = detail::CountingIterator;
    const std::string shown = "split.group: \"" + text_ + "\" in \"" + name.substr(0, 100) + "\": ";
    if (states_ * name.size() > kDeepest) throw Error(shown + "both are too long to be searched; write it shorter");
    int64_t budget = kMostSteps;
    std::match_results<Iterator> found;
    try {
      const Iterator begin(name.data(), budget), end(name.data() + name.size(), budget);
      if (!std::regex_search(begin, end, found, expression_)) return std::nullopt;
    } catch (const Error& error) {
      throw Error(shown + error.what() + "; write it with fewer stars");
    }
    budget = kMostSteps;  // copying what was found looks at it, too
    return found[found.size() > 1 && found[1].matched ? 1 : 0].str();
  }

 private:
  std::string text_;
  uint64_t states_;
  std::regex expression_;
};

}  // namespace v1
}  // namespace ss

#endif
