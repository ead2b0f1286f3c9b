#include "draft/layout.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <functional>
#include <map>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "base/lower_case.h"
#include "draft/label_survey.h"
#include "file/composed_name.h"
#include "file/find_files.h"

namespace sshost::draft {

namespace {

namespace fs = std::filesystem;

// Longer words first: "training" is not "train" and something.
constexpr std::array<std::string_view, 8> kSplitWords = {"validation", "training", "testing", "valid",
                                                         "train",      "test",     "val",     "dev"};

// A file by its place below the folder, which is made of folders with the split left out.
struct Place {
  std::string folder;  // "images/{split}"
  std::string split;
  std::string stem;
  fs::path path;
};

// Files of one folder (or tree), and how their names differ from those of their partners.
struct Side {
  std::string folder;
  std::string prefix;
  std::string suffix;
  std::string ending;  // of all its files, in lower case; empty where they differ
};

// What stands in front of and behind the same text in two names: "a_leftImg8bit" and "a_gtFine_labelIds".
struct Affixes {
  std::string image;
  std::string label;
  bool operator<(const Affixes& other) const { return std::tie(image, label) < std::tie(other.image, other.label); }
};

// How many letters both begin with.
size_t same_letters(std::string_view one, std::string_view other) {
  const auto ends = std::mismatch(one.begin(), one.end(), other.begin(), other.end());
  return static_cast<size_t>(ends.first - one.begin());
}

// What image and label have before and behind the text that both share. Digits belong to that text.
std::optional<Affixes> suffixes_of(const std::string& image, const std::string& label) {
  size_t same = same_letters(image, label);
  const auto is_affix = [](std::string_view rest) {
    return rest.empty() || rest.front() == '_' || rest.front() == '-' || rest.front() == '.' || rest.front() == ' ';
  };
  while (same > 0 && !(is_affix(image.substr(same)) && is_affix(label.substr(same)))) --same;
  const std::string rest[] = {image.substr(same), label.substr(same)};
  const bool is_channel = rest[0] == "_0000" && rest[1].empty();  // of nnU-Net's images, the first one
  for (const std::string& each : rest) {
    if (!is_channel && each.size() > 1 && std::isdigit(static_cast<unsigned char>(each[1])) != 0) return std::nullopt;
  }
  if (same == 0) return std::nullopt;
  return Affixes{rest[0], rest[1]};
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) {
    text.replace(at, from.size(), to);
  }
  return text;
}

// The path up to the part that names the split.
std::string up_to_split(const std::string& folder) {
  const size_t at = folder.find("{split}");
  return at == std::string::npos ? "" : folder.substr(0, std::min(folder.find('/', at), folder.size()));
}

// "Training_Images" beside "Ground_Truth" is no split: it is one where there are two of its kind.
void keep_divisions(std::vector<Place>& places) {
  std::map<std::string, std::set<std::string>> splits;
  for (const Place& place : places) splits[up_to_split(place.folder)].insert(place.split);
  for (Place& place : places) {
    if (place.split.empty() || splits.at(up_to_split(place.folder)).size() > 1) continue;
    place.folder = replaced(place.folder, "{split}", place.split);
    place.split.clear();
  }
}

std::vector<Place> places_in(const fs::path& folder) {
  std::vector<Place> places;
  for (const file::Seen& seen : file::find_files(folder, "**/*")) {
    if (seen.kind != SS_FILE_FOUND) continue;
    const fs::path relative = seen.path.lexically_relative(folder);
    const WithoutSplit parent = without_split(relative.parent_path().string());
    places.push_back({parent.path, parent.split, file::composed_name(relative.stem().string()), seen.path});
  }
  keep_divisions(places);
  return places;
}

std::string lower_ending(const fs::path& path) { return lower_case(path.extension().string()); }

using Trees = std::map<std::string, std::vector<const Place*>>;

// Each is compared with each: of thousands of folders, as clips of a film have, those above them are enough.
Trees largest_of(Trees trees) {
  constexpr size_t kMost = 60;
  std::vector<size_t> sizes;
  for (const auto& [folder, files] : trees) sizes.push_back(files.size());
  if (sizes.size() <= kMost) return trees;
  std::nth_element(sizes.begin(), sizes.begin() + kMost, sizes.end(), std::greater<>());
  std::erase_if(trees, [least = sizes[kMost]](const auto& tree) { return tree.second.size() <= least; });
  return trees;
}

// Every folder that holds images, and those above it, with the files below.
Trees trees_of(const std::vector<Place>& places) {
  Trees trees;
  for (const Place& place : places) {
    for (fs::path folder = place.folder;; folder = folder.parent_path()) {
      trees[folder.string()].push_back(&place);
      if (folder.empty()) break;
    }
  }
  return largest_of(std::move(trees));
}

// The name of a file below `tree`, with the split: "train|rome/rome_1".
std::string name_below(const Place& place, const std::string& tree) {
  const fs::path below = tree.empty() ? fs::path(place.folder) : fs::path(place.folder).lexically_relative(tree);
  const std::string inside = below == "." || below.empty() ? "" : below.string() + "/";
  return place.split + "|" + inside + place.stem;
}

bool is_within(const std::string& inner, const std::string& outer) {
  return inner != outer && (outer.empty() || inner.starts_with(outer + "/"));
}

// Those in the folder itself.
std::vector<const Place*> direct(std::vector<const Place*> files, const std::string& folder) {
  std::erase_if(files, [&](const Place* file) { return file->folder != folder; });
  return files;
}

struct Candidate {
  Side images;
  Side labels;
  std::vector<std::pair<const Place*, const Place*>> pairs;
};

std::string common_ending(const std::vector<const Place*>& files) {
  std::set<std::string> endings;
  for (const Place* file : files) endings.insert(lower_ending(file->path));
  return endings.size() == 1 ? *endings.begin() : "";
}

// By what is left of their names without these; files without them are left out.
std::map<std::string, const Place*> by_name(const std::vector<const Place*>& files, const std::string& tree,
                                            const std::string& prefix, const std::string& suffix) {
  std::map<std::string, const Place*> names;
  for (const Place* file : files) {
    if (!file->stem.starts_with(prefix) || !file->stem.ends_with(suffix)) continue;
    std::string name = name_below(*file, tree);
    name.erase(name.size() - file->stem.size(), prefix.size());
    if (name.size() >= suffix.size()) names.emplace(name.substr(0, name.size() - suffix.size()), file);
  }
  return names;
}

// The letters that all names begin with: "image_" of image_001 and image_002.
std::string prefix_of(const std::vector<const Place*>& files) {
  std::string prefix = files.empty() ? "" : files.front()->stem;
  for (const Place* file : files) {
    prefix.resize(same_letters(prefix, file->stem));
  }
  while (!prefix.empty() && std::isdigit(static_cast<unsigned char>(prefix.back())) != 0) prefix.pop_back();
  return prefix;
}

// The suffixes that most neighbours in the order of names have.
std::optional<Affixes> guess_suffixes(const std::vector<const Place*>& images, const std::string& image_tree,
                                      const std::vector<const Place*>& labels, const std::string& label_tree) {
  constexpr size_t kTried = 50;
  std::map<std::string, const Place*> names = by_name(labels, label_tree, "", "");
  std::map<Affixes, int> counts;
  for (size_t i = 0; i < std::min(images.size(), kTried); ++i) {
    const size_t place = i * images.size() / std::min(images.size(), kTried);
    const std::string name = name_below(*images[place], image_tree);
    const auto behind = names.lower_bound(name);
    for (auto each : {behind, behind == names.begin() ? behind : std::prev(behind),
                      behind == names.end() ? behind : std::next(behind)}) {
      if (each == names.end() || each->second == images[place]) continue;
      if (const auto affixes = suffixes_of(name, each->first)) ++counts[*affixes];
    }
  }
  const auto most = std::max_element(counts.begin(), counts.end(),
                                     [](const auto& one, const auto& two) { return one.second < two.second; });
  return most == counts.end() ? std::nullopt : std::optional(most->first);
}

Candidate pair_trees(const std::vector<const Place*>& images, const std::string& image_tree,
                     const std::vector<const Place*>& labels, const std::string& label_tree) {
  Candidate candidate{{image_tree, "", "", common_ending(images)}, {label_tree, "", "", common_ending(labels)}, {}};
  if (const auto suffixes = guess_suffixes(images, image_tree, labels, label_tree)) {
    candidate.images.suffix = suffixes->image;
    candidate.labels.suffix = suffixes->label;
  } else {
    candidate.images.prefix = prefix_of(images);
    candidate.labels.prefix = prefix_of(labels);
  }
  const auto named = [](const Side& side, const std::vector<const Place*>& files) {
    return by_name(files, side.folder, side.prefix, side.suffix);
  };
  const auto partners = named(candidate.labels, labels);
  for (const auto& [name, image] : named(candidate.images, images)) {
    const auto label = partners.find(name);
    if (label != partners.end() && label->second != image) candidate.pairs.emplace_back(image, label->second);
  }
  return candidate;
}

// Photographs may be .jpg and labels .png beside them.
Trees by_ending(const std::vector<const Place*>& files) {
  Trees endings;
  for (const Place* file : files) endings[lower_ending(file->path)].push_back(file);
  return endings;
}

// By what people call them. For drawings, which look like labels themselves.
bool is_called_label(const Place& place) {
  const std::string name = lower_case(place.folder + "/" + place.stem);
  for (const char* word : {"mask", "label", "annot", "seg", "gt", "truth"}) {
    if (name.find(word) != std::string::npos) return true;
  }
  return false;
}

// Whether the second of most of the first pairs looks like labels and the first does not.
bool is_right_way_round(const Candidate& candidate) {
  constexpr size_t kLookedAt = 3;
  size_t right = 0, looked_at = 0;
  for (size_t i = 0; i < std::min(candidate.pairs.size(), kLookedAt); ++i) {
    const auto& [image, label] = candidate.pairs[i * candidate.pairs.size() / kLookedAt % candidate.pairs.size()];
    ++looked_at;
    const bool is_flat = looks_like_labels(image->path);
    right += looks_like_labels(label->path) && (!is_flat || (is_called_label(*label) && !is_called_label(*image)));
  }
  return looked_at > 0 && 2 * right > looked_at;
}

std::string pattern_of(const Side& side, const std::vector<std::pair<const Place*, const Place*>>& pairs, bool first,
                       bool needs_ending) {
  const bool is_deep = std::any_of(pairs.begin(), pairs.end(), [&](const auto& pair) {
    return (first ? pair.first : pair.second)->folder != side.folder;
  });
  const std::string folder = side.folder.empty() ? "" : side.folder + "/";
  const bool has_ending = needs_ending && !side.ending.empty();
  return folder + (is_deep ? "**/" : "") + side.prefix + "*" + side.suffix + (has_ending ? side.ending : "");
}

// What a side is called, in lower case.
std::string name_of(const Side& side) { return lower_case(side.folder + "/" + side.prefix + "*" + side.suffix); }

bool has_any(const std::string& name, std::initializer_list<const char*> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](const char* word) { return name.find(word) != std::string::npos; });
}

// How little the names speak for photographs on the one side and labels of classes on the other; less is better.
int strangeness(const Candidate& candidate) {
  const std::string image = name_of(candidate.images), label = name_of(candidate.labels);
  const auto is_drawing = [](const std::string& name) {
    return has_any(name, {"visual", "overlay", "viz", "_vis", "preview", "blend", "_color"});
  };
  const bool has_instances = has_any(label, {"object", "instance", "_inst"});
  const bool has_wrong_kind = has_any(image, {"mask", "label", "annot", "seg", "object", "instance"});
  const bool has_classes = has_any(label, {"mask", "label", "annot", "seg", "gt", "truth", "class"});
  return 8 * is_drawing(image) + 8 * is_drawing(label) + 4 * has_instances + 2 * has_wrong_kind + !has_classes;
}

std::vector<Candidate> candidates_in(const Trees& trees) {
  std::vector<Candidate> candidates;
  for (const auto& [image_tree, images] : trees) {
    for (const auto& [label_tree, labels] : trees) {
      if (image_tree != label_tree) {  // of two of which one holds the other, its own files count
        const bool labels_within = is_within(label_tree, image_tree), images_within = is_within(image_tree, label_tree);
        candidates.push_back(pair_trees(labels_within ? direct(images, image_tree) : images, image_tree,
                                        images_within ? direct(labels, label_tree) : labels, label_tree));
        continue;
      }
      for (const auto& [ending, some] : by_ending(images)) {
        for (const auto& [other, rest] : by_ending(images)) {
          candidates.push_back(pair_trees(some, image_tree, rest, label_tree));
        }
      }
    }
  }
  std::erase_if(candidates, [](const Candidate& candidate) { return candidate.pairs.empty(); });
  const auto depth = [](const Candidate& each) { return each.images.folder.size() + each.labels.folder.size(); };
  std::stable_sort(candidates.begin(), candidates.end(), [&](const Candidate& one, const Candidate& two) {
    if (one.pairs.size() != two.pairs.size()) return one.pairs.size() > two.pairs.size();
    if (strangeness(one) != strangeness(two)) return strangeness(one) < strangeness(two);
    return depth(one) > depth(two);  // it says more
  });
  return candidates;
}

Layout layout_of(const Candidate& candidate, const Trees& trees) {
  const bool share_folder = candidate.images.folder == candidate.labels.folder;
  Layout layout;
  layout.images = pattern_of(candidate.images, candidate.pairs, true, share_folder);
  layout.labels = pattern_of(candidate.labels, candidate.pairs, false, share_folder);
  std::set<std::string> splits;
  for (const auto& [image, label] : candidate.pairs) splits.insert(image->split);
  layout.splits.assign(splits.begin(), splits.end());
  layout.pairs = static_cast<int64_t>(candidate.pairs.size());
  std::set<const Place*> partners;
  for (const auto& [image, label] : candidate.pairs) partners.insert({image, label});
  const auto count_alone = [&](const Side& side, const std::string& pattern) {
    const bool is_deep = pattern.find("**") != std::string::npos;
    const auto files = is_deep ? trees.at(side.folder) : direct(trees.at(side.folder), side.folder);
    return std::count_if(files.begin(), files.end(), [&](const Place* file) {
      return file->stem.starts_with(side.prefix) && file->stem.ends_with(side.suffix) && !partners.contains(file) &&
             (!share_folder || lower_ending(file->path) == side.ending);
    });
  };
  layout.images_alone = count_alone(candidate.images, layout.images);
  layout.labels_alone = count_alone(candidate.labels, layout.labels);
  for (const auto& [image, label] : candidate.pairs) layout.files.emplace_back(image->path, label->path);
  return layout;
}

// One split alone is no division: its folder is meant as it stands.
void name_single_split(Layout& layout) {
  std::erase(layout.splits, "");
  if (layout.splits.size() >= 2) return;
  for (std::string* pattern : {&layout.images, &layout.labels}) {
    *pattern = replaced(*pattern, "{split}", layout.splits.empty() ? "" : layout.splits.front());
  }
  layout.splits.clear();
}

// Beside the candidate that was taken: sides of others that pair as many files.
std::vector<std::string> passed_over(const Candidate& taken, const std::vector<Candidate>& candidates) {
  const std::string images = name_of(taken.images), labels = name_of(taken.labels);
  std::set<std::string> others;
  for (const Candidate& each : candidates) {
    if (each.pairs.size() < taken.pairs.size()) continue;
    for (const Side* side : {&each.images, &each.labels}) {
      const bool is_above = side->folder.empty() || is_within(taken.images.folder, side->folder) ||
                            is_within(taken.labels.folder, side->folder);
      const std::string pattern = (side->folder.empty() ? "" : side->folder + "/") + side->prefix + "*" + side->suffix;
      if (!is_above && name_of(*side) != images && name_of(*side) != labels) others.insert(pattern);
    }
  }
  return {others.begin(), others.end()};
}

std::string word_among(const std::vector<std::string>& splits, std::initializer_list<std::string_view> wanted) {
  for (const std::string_view beginning : wanted) {
    for (const std::string& split : splits) {
      if (lower_case(split).starts_with(beginning)) return split;
    }
  }
  return "";
}

}  // namespace

WithoutSplit without_split(const std::string& path) {
  for (size_t begin = 0; begin < path.size();) {
    const size_t end = std::min(path.find('/', begin), path.size());
    const std::string part = lower_case(std::string_view(path).substr(begin, end - begin));
    for (const std::string_view word : kSplitWords) {
      const size_t at = part.starts_with(word) ? 0
                        : part.ends_with(word) && part.size() > word.size() &&
                                !std::isalpha(static_cast<unsigned char>(part[part.size() - word.size() - 1]))
                            ? part.size() - word.size()
                            : std::string::npos;
      if (at == std::string::npos || part.find("trainval") != std::string::npos) continue;
      const std::string split = path.substr(begin + at, word.size());
      return {replaced(path, split, "{split}"), split};
    }
    begin = end + 1;
  }
  return {path, ""};
}

std::string word_for_training(const std::vector<std::string>& splits) { return word_among(splits, {"train"}); }

std::string word_for_evaluation(const std::vector<std::string>& splits) {
  return word_among(splits, {"val", "dev", "test"});
}

std::optional<Layout> find_layout(const fs::path& folder) {
  constexpr size_t kTried = 8;
  const std::vector<Place> places = places_in(folder);
  const auto trees = trees_of(places);
  const std::vector<Candidate> candidates = candidates_in(trees);
  for (size_t i = 0; i < std::min(candidates.size(), kTried); ++i) {
    if (!is_right_way_round(candidates[i])) continue;
    Layout layout = layout_of(candidates[i], trees);
    layout.all = static_cast<int64_t>(places.size());
    layout.passed_over = passed_over(candidates[i], candidates);
    name_single_split(layout);
    return layout;
  }
  return std::nullopt;
}

}  // namespace sshost::draft
