// Dividing samples that lie together into train, val and test: `split: {val: 0.2, seed: 0}`.
//
//   {"split", &MyOptions::split, "...; null: all samples are of every split"}   // std::optional<ss::SplitOptions>
#ifndef SSHOST_SPLIT_OPTIONS_HPP
#define SSHOST_SPLIT_OPTIONS_HPP

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "file_dataset.hpp"
#include "group_pattern.hpp"
#include "options.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {

struct SplitOptions {
  double val = 0.2;
  double test = 0;
  int64_t seed = 0;
  std::optional<std::string> group;

  static Schema<SplitOptions> schema() {
    return {{"val", &SplitOptions::val, "share of split val", between(0, 0.95)},
            {"test", &SplitOptions::test, "share of split test", between(0, 0.95)},
            {"seed", &SplitOptions::seed, "another one divides them in another way", at_least(0)},
            {"group", &SplitOptions::group,
             "regular expression: files in which it, or its part in brackets, finds the same text stay together, such "
             "as \"(patient_\\\\d+)\""}};
  }
};

namespace detail {

// FNV-1a, and the finaliser of SplitMix64 behind it, since names often differ in their last letter alone.
inline uint64_t hash_name(std::string_view text, uint64_t seed) {
  uint64_t value = 0xcbf29ce484222325U ^ (seed * 0x9e3779b97f4a7c15U);
  for (const char letter : text) value = (value ^ static_cast<unsigned char>(letter)) * 0x100000001b3U;
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9U;
  value = (value ^ (value >> 27)) * 0x94d049bb133111ebU;
  return value ^ (value >> 31);
}

}  // namespace detail

// Each name by itself: a file that is added or removed moves no other.
class Splitter {
 public:
  // Throws for shares that leave nothing to train with, and for a group that is no regular expression.
  explicit Splitter(const SplitOptions& options) : options_(options) {
    if (options.val + options.test >= 1) throw Error("split: val and test leave nothing to train with");
    if (options.group) group_.emplace(*options.group);
  }

  // What names its group; nullopt where the options have no `group`, or it finds nothing in the name.
  std::optional<std::string> group_of(const std::string& name) const {
    return group_ ? group_->find(name) : std::nullopt;
  }

  // "train", "val" or "test".
  const char* split_of(const std::string& name) const {
    const std::string key = group_of(name).value_or(name);
    const uint64_t hash = detail::hash_name(key, static_cast<uint64_t>(options_.seed));
    const double at = static_cast<double>(hash >> 11) * 0x1.0p-53;
    if (at < options_.val) return "val";
    return at < options_.val + options_.test ? "test" : "train";
  }

 private:
  SplitOptions options_;
  std::optional<GroupPattern> group_;
};

// The samples of `split`, by their ids; how many they are goes to the log. Throws where there is none.
inline std::vector<SampleInfo> samples_of_split(std::vector<SampleInfo> all, const SplitOptions& options,
                                                const std::string& split) {
  checked_split(split, {"train", "val", "test"});
  const Splitter splitter(options);
  std::vector<SampleInfo> part;
  for (const SampleInfo& sample : all) {
    if (splitter.split_of(sample.id) == split) part.push_back(sample);
  }
  log_info("split " + split + ": " + std::to_string(part.size()) + " of " + std::to_string(all.size()) +
           " images, divided by their names (split.seed " + std::to_string(options.seed) + ")");
  if (options.group) {
    const auto alone =
        std::count_if(all.begin(), all.end(), [&](const auto& each) { return !splitter.group_of(each.id); });
    if (alone > 0) {
      log_warning("split.group finds nothing in " + std::to_string(alone) + " of " + std::to_string(all.size()) +
                  " names, each of which is a group by itself");
    }
  }
  if (!part.empty()) return part;
  throw Error("none of " + std::to_string(all.size()) +
              " images falls into it; choose another split.seed, or a larger " + "share of it");
}

}  // namespace v1
}  // namespace ss

#endif
