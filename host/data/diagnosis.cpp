#include "data/diagnosis.h"

#include <algorithm>
#include <cstdio>
#include <optional>
#include <set>
#include <utility>

#include "data/label_doctor.h"

namespace sshost::data {

namespace {

std::string count_of(int64_t part, int64_t all) { return std::to_string(part) + " of " + std::to_string(all); }

Finding colored(const Inspection& seen, const DatasetUse& use) {
  constexpr size_t kShown = 16;
  const TrueValues found = true_colors(seen.colors, {}, !seen.lossy.empty());
  const std::vector<std::string> texts = color_texts(found);
  std::string colors;
  for (size_t i = 0; i < std::min(texts.size(), kShown); ++i) colors.append(" ").append(texts[i]);
  if (texts.size() > kShown) colors += " and more";
  if (found.is_smeared) {
    colors += ", and " + std::to_string(seen.colors.size() - texts.size()) +
              (seen.lossy.empty() ? " near them: their edges are soft" : " near them: they are stored as JPEG");
  }
  Finding finding{
      found.is_smeared ? Illness::kSmeared : Illness::kColored,
      std::to_string(seen.colored.size()) + " labels hold colours instead of the numbers of classes:" + colors,
      seen.colored,
      "see whether these are labels: they hold as many colours as photographs do",
      false,
      use.read_as_colors(seen.colors, !seen.lossy.empty())};
  return finding;
}

Finding indexed(const Inspection& seen, const DatasetUse& use) {
  return {.illness = Illness::kIndexed,
          .what = std::to_string(seen.indexed.size()) +
                  " labels store the numbers of classes, with or without a palette, and are read as colours that no "
                  "class has",
          .places = seen.indexed,
          .treatments = {use.treat({{"label_colors", config::make_bool(false)}}, "")}};
}

// Samples that cannot be used. `on_broken_sample: skip` goes on without them, as long as they are few.
Finding unusable(Illness illness, const std::string& what, const std::vector<std::string>& places,
                 const Inspection& seen, const DatasetUse& use) {
  const auto useless = static_cast<int64_t>(seen.broken.size() + seen.sizes_differ.size());
  const auto looked_at = seen.read + static_cast<int64_t>(seen.broken.size() + seen.colored.size());
  if (seen.read <= static_cast<int64_t>(seen.sizes_differ.size())) return {illness, what, places, "replace the files"};
  const std::string left_out = "leaves out " + count_of(useless, looked_at);
  if (static_cast<double>(useless) > kMostSkipped * static_cast<double>(looked_at)) {
    return {illness, what, places, "replace the files: passing over them " + left_out + " samples"};
  }
  if (use.skips_broken()) {
    return {illness, what, places, "nothing has to be done: data.on_broken_sample is skip, which " + left_out, true};
  }
  return {illness, what, places, "data: {on_broken_sample: skip}  # " + left_out + "; or replace the files"};
}

Finding sizes_differ(const Inspection& seen, const DatasetUse& use) {
  if (use.resizes()) {
    return {Illness::kSizes, std::to_string(seen.sizes_differ.size()) + " labels are not as large as their images",
            seen.sizes_differ,
            "nothing has to be done: data.dataset.label_size is resize, which takes the nearest pixels", true};
  }
  Finding finding =
      unusable(Illness::kSizes, std::to_string(seen.sizes_differ.size()) + " labels are not as large as their images",
               seen.sizes_differ, seen, use);
  const bool are_scaled = seen.scaled == static_cast<int64_t>(seen.sizes_differ.size());
  if (finding.is_note || !are_scaled || !use.has("label_size")) return finding;
  finding.treatments = {use.treat({{"label_size", config::make_string("resize")}},
                                  "  # takes the nearest pixels: they have the shape of their images")};
  return finding;
}

Finding lossy(const Inspection& seen) {
  return {Illness::kSmeared, std::to_string(seen.lossy.size()) + " labels are stored as JPEG, which changes numbers",
          seen.lossy, "store labels as PNG; as far as one can see, these hold what they should", true};
}

Finding unmapped(const Inspection& seen) {
  std::vector<std::string> places;
  for (const auto& [number, use] : seen.unmapped) {
    places.push_back(std::to_string(number) + ": " + std::to_string(use.pixels) + " pixels in " +
                     std::to_string(use.images) + " labels");
  }
  return {
      Illness::kUnmapped,
      std::to_string(seen.unmapped.size()) + " numbers in the files stand in no entry of label_map: they are ignored",
      places, "nothing has to be done where that is meant; else name them in data.dataset.label_map", true};
}

// Of labels that are read as colours.
std::optional<Finding> colors_of_no_class(const Inspection& seen, const DatasetInfo& info, const DatasetUse& use) {
  std::vector<std::pair<int64_t, uint32_t>> strangers;  // pixels and colour
  for (const auto& [color, tally] : seen.colors) {
    if (!use.has_color_near(color, info.classes)) strangers.emplace_back(tally.pixels, color);
  }
  if (strangers.empty()) return std::nullopt;
  std::sort(strangers.rbegin(), strangers.rend());
  std::vector<std::string> places;
  for (const auto& [pixels, color] : strangers) {
    places.push_back(color_text(color) + ": " + std::to_string(pixels) + " pixels");
  }
  return Finding{
      Illness::kUnmapped, std::to_string(strangers.size()) + " colours in the labels are no class's: they are ignored",
      places,
      "nothing has to be done where that is meant; else give data.dataset.classes one for each that counts, or "
      "label_tolerance for what is nearly one",
      true};
}

// Numbers whose colours change from file to file are no classes where the colours keep their sense.
Finding palettes(const Inspection& seen, const DatasetUse& use) {
  const bool are_crosswise = seen.palettes.are_crosswise();
  Finding finding{Illness::kPalettes,
                  "the palettes of the labels differ from file to file: one number has several colours" +
                      std::string(are_crosswise ? ", and one colour several numbers: numbers are no classes here" : ""),
                  seen.palettes.differences(),
                  "see whether the numbers are the classes, or the colours (data.dataset.label_colors: true)",
                  !are_crosswise};
  if (are_crosswise) finding.treatments = use.read_as_colors(seen.palettes.counts(), false);
  return finding;
}

Finding dark(const Inspection& seen) {
  int64_t largest = 1;
  std::vector<std::string> places;
  for (const auto& [path, value] : seen.dark) {
    places.push_back(path + ": its largest value is " + std::to_string(value));
    largest = std::max(largest, value);
  }
  return {
      Illness::kDark,
      std::to_string(seen.dark.size()) + " images of 16 bits hold no value above " + std::to_string(largest) +
          " of 65535: of 8 bits, as which they are read, that is " + std::to_string(largest / 256) + " of 255",
      places,
      "multiply their values by " + std::to_string(65536 / (largest + 1)) +
          " when they are stored, or store 8 bits; data: {channels: 1} reads grey as it is stored (docs/images.md)"};
}

std::string percent(double share) {
  char text[16];
  std::snprintf(text, sizeof(text), "%.1f %%", 100 * share);
  return text;
}

// Colours are read without the alpha beside them. Where they say nothing, all that the label says is in it.
Finding alpha_of_labels(const Inspection& seen) {
  const bool is_all = seen.in_alpha_alone > 0;
  const std::string way =
      "store the alpha channel as the label, in grey (ImageMagick: magick a.png -alpha extract a_mask.png)";
  return {Illness::kAlpha,
          std::to_string(seen.alpha.size()) +
              " labels have an alpha channel that differs from pixel to pixel, which is not read" +
              (is_all ? "; " + std::to_string(seen.in_alpha_alone) +
                            " of them hold one colour alone: what they mark is in their alpha"
                      : ""),
          seen.alpha, is_all ? way : "nothing has to be done where their colours are what counts; else " + way,
          !is_all};
}

Finding alpha_of_images(const Inspection& seen) {
  std::vector<std::string> places;
  for (const auto& [path, share] : seen.clear) places.push_back(path + ": " + percent(share) + " of its pixels");
  return {
      Illness::kAlpha,
      std::to_string(seen.clear.size()) + " of " + std::to_string(seen.looked_for_clear) +
          " images with an alpha channel have transparent pixels: the colours that are stored there are read, which "
          "no viewer shows",
      places,
      "nothing has to be done where these colours are right; else store the images without their alpha channel "
      "(ImageMagick: magick a.png -background white -flatten b.png), or read it by data: {channels: 4}",
      true};
}

Finding turned(const Inspection& seen) {
  return {Illness::kTurned,
          std::to_string(seen.turned.size()) + " of " + std::to_string(seen.looked_for_turned) +
              " images are turned by their EXIF orientation, which labels never are",
          seen.turned,
          "look at `sshost data preview`: where the labels lie wrong, store the images without an orientation "
          "(ImageMagick: magick mogrify +profile exif)",
          true};
}

std::set<Illness> to_be_done(const std::vector<Finding>& findings) {
  std::set<Illness> illnesses;
  for (const Finding& finding : findings) {
    if (!finding.is_note) illnesses.insert(finding.illness);
  }
  return illnesses;
}

// A treatment is right where the illness is gone and no other has come.
bool mends(const Finding& finding, const Treatment& treatment, const std::set<Illness>& before, const Trial& trial) {
  const std::set<Illness> after = to_be_done(trial(*treatment.options));
  return !after.contains(finding.illness) && std::includes(before.begin(), before.end(), after.begin(), after.end());
}

}  // namespace

std::vector<Finding> diagnose(const Inspection& seen, const DatasetInfo& info, const DatasetUse& use, bool trains) {
  std::vector<Finding> found;
  if (!seen.broken.empty()) {
    found.push_back(unusable(Illness::kBroken, std::to_string(seen.broken.size()) + " samples cannot be read",
                             seen.broken, seen, use));
  }
  if (!seen.damaged.empty()) {
    found.push_back(
        {Illness::kDamaged, std::to_string(seen.damaged.size()) + " files are damaged, though they can be decoded",
         seen.damaged, "nothing has to be done, but look at them; data: {strict_images: true} refuses them", true});
  }
  if (!seen.alpha.empty()) found.push_back(alpha_of_labels(seen));
  if (!seen.clear.empty()) found.push_back(alpha_of_images(seen));
  if (!seen.colored.empty()) found.push_back(colored(seen, use));
  if (!seen.indexed.empty()) found.push_back(indexed(seen, use));
  if (!seen.sizes_differ.empty()) found.push_back(sizes_differ(seen, use));
  if (seen.unlabelled > 0 && seen.unlabelled < seen.read) {
    found.push_back({Illness::kUnlabelled,
                     std::to_string(seen.unlabelled) + " samples have no label, others have",
                     {},
                     "add the labels"});
  }
  for (Finding& finding : LabelDoctor(seen, info, use, trains).findings()) found.push_back(std::move(finding));
  if (!seen.unmapped.empty()) found.push_back(unmapped(seen));
  const auto is_told_of = [&](Illness illness) { return to_be_done(found).contains(illness); };
  if (use.reads_colors() && !is_told_of(Illness::kNothing) && !is_told_of(Illness::kIgnored)) {
    if (auto strangers = colors_of_no_class(seen, info, use)) found.push_back(*std::move(strangers));
  }
  if (seen.palettes.differ()) found.push_back(palettes(seen, use));
  if (!seen.dark.empty() && 2 * static_cast<int64_t>(seen.dark.size()) > seen.deep) found.push_back(dark(seen));
  if (!seen.turned.empty()) found.push_back(turned(seen));
  const bool is_told = to_be_done(found).contains(Illness::kSmeared);
  if (!seen.lossy.empty() && !is_told) found.push_back(lossy(seen));
  for (Finding& finding : found) {
    if (!finding.treatments.empty()) finding.mend = finding.treatments.front().yaml;
  }
  return found;
}

void try_treatments(std::vector<Finding>& findings, const Trial& trial) {
  const std::set<Illness> before = to_be_done(findings);
  for (Finding& finding : findings) {
    if (finding.is_note || finding.treatments.empty()) continue;
    const auto right = std::find_if(
        finding.treatments.begin(), finding.treatments.end(),
        [&](const Treatment& treatment) { return !treatment.options || mends(finding, treatment, before, trial); });
    finding.mend = right != finding.treatments.end()
                       ? right->yaml
                       : "correct the labels' files, or `classes`: no option of the data set was found that mends it";
  }
}

}  // namespace sshost::data
