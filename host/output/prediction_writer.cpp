#include "output/prediction_writer.h"

#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <algorithm>
#include <cctype>
#include <functional>
#include <map>

#include "base/error.h"
#include "output/coco_predictions.h"
#include "output/mask_image.h"
#include "output/npy_file.h"
#include "output/overlay.h"
#include "output/submission.h"

namespace sshost::output {
namespace {

constexpr const char* kIndexEnding = ".index.png";
constexpr const char* kPaletteEnding = ".png";
constexpr const char* kOverlayEnding = ".overlay.jpg";
constexpr const char* kProbabilitiesEnding = ".npy";
constexpr const char* kMasks = "masks";
constexpr const char* kMaskEnding = ".mask.png";
constexpr int64_t kInMask = 255;  // of a mask's pixels; 0 elsewhere

// Of the files of a mask for each class: ".<name>.mask.png", where the name keeps what any file system takes.
std::vector<std::string> mask_endings(const std::vector<data::Class>& classes) {
  std::vector<std::string> endings;
  for (const data::Class& each : classes) {
    std::string name = each.name;
    const auto is_plain = [](char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '_'; };
    std::replace_if(
        name.begin(), name.end(), [&](char c) { return !is_plain(c); }, '_');
    const std::string ending = "." + name + kMaskEnding;
    const bool known = std::find(endings.begin(), endings.end(), ending) != endings.end();
    endings.push_back(known ? "." + name + "_" + std::to_string(endings.size()) + kMaskEnding : ending);
  }
  return endings;
}

// What is written for one image and needs nothing of the others.
class EachImage final : public PredictionFormat {
 public:
  explicit EachImage(std::function<void(const PredictedImage&)> write_one) : write_one_(std::move(write_one)) {}
  void write(const PredictedImage& image) override { write_one_(image); }

 private:
  std::function<void(const PredictedImage&)> write_one_;
};

using Made = std::unique_ptr<PredictionFormat>;
using Make = Made (*)(const PredictionOptions&);

Made make_index(const PredictionOptions& options) {
  return std::make_unique<EachImage>(
      [folder = options.folder, count = static_cast<int64_t>(options.classes.size())](const PredictedImage& image) {
        write_index(file_for(folder, image.id, kIndexEnding), image.classes, count);
      });
}

Made make_palette(const PredictionOptions& options) {
  return std::make_unique<EachImage>([folder = options.folder, palette = options.classes](const PredictedImage& image) {
    write_mask(file_for(folder, image.id, kPaletteEnding), image.classes, palette);
  });
}

Made make_overlay(const PredictionOptions& options) {
  return std::make_unique<EachImage>([folder = options.folder, palette = options.classes](const PredictedImage& image) {
    write_image(file_for(folder, image.id, kOverlayEnding), overlay_mask(image.image(), image.classes, palette));
  });
}

Made make_probabilities_as(const PredictionOptions& options, at::ScalarType type) {
  return std::make_unique<EachImage>(
      [folder = options.folder, ready = options.scores_are_probabilities, type](const PredictedImage& image) {
        const at::Tensor probabilities = ready                   ? image.scores.tensor()
                                         : image.masks.defined() ? image.scores.tensor().sigmoid()
                                                                 : image.scores.tensor().softmax(1);
        write_npy(file_for(folder, image.id, kProbabilitiesEnding), probabilities.squeeze(0).to(type));
      });
}

Made make_probabilities(const PredictionOptions& options) { return make_probabilities_as(options, at::kFloat); }
Made make_probabilities_float16(const PredictionOptions& options) { return make_probabilities_as(options, at::kHalf); }
Made make_masks(const PredictionOptions& options) {
  const std::vector<std::string> endings = mask_endings(options.scored());
  return std::make_unique<EachImage>([folder = options.folder, endings](const PredictedImage& image) {
    for (size_t i = 0; i < endings.size(); ++i) {
      const auto number = static_cast<int64_t>(i);
      const at::Tensor mask = image.masks.defined() ? image.masks[number] : image.classes.eq(number);
      write_index(file_for(folder, image.id, endings[i]), mask.to(at::kLong) * kInMask, kInMask + 1);
    }
  });
}

Made make_coco(const PredictionOptions& options) { return std::make_unique<CocoPredictions>(options.folder); }

// The file of one image in the folder of all predictions.
template <const char* const& kEnding>
std::string beside(const std::string& id) {
  return id + kEnding;
}

struct Format {
  Make make;
  std::string (*file)(const std::string& id);  // nullptr where an image has not one file of its own
};

const std::map<std::string, Format>& formats() {
  static const std::map<std::string, Format> all = {
      {kMasks, {make_masks, nullptr}},
      {"index", {make_index, beside<kIndexEnding>}},
      {"palette", {make_palette, beside<kPaletteEnding>}},
      {"overlay", {make_overlay, beside<kOverlayEnding>}},
      {"probabilities", {make_probabilities, beside<kProbabilitiesEnding>}},
      {"probabilities_float16", {make_probabilities_float16, beside<kProbabilitiesEnding>}},
      {"coco", {make_coco, nullptr}}};
  return all;
}

const data::Submission& submission(const PredictionOptions& options, const std::string& name) {
  for (const data::Submission& each : options.submissions) {
    if (each.name() == name) return each;
  }
  throw UsageError("evaluate.prediction_formats: no such format: " + name);
}

Made make(const PredictionOptions& options, const std::string& format) {
  const auto found = formats().find(format);
  if (found != formats().end()) return found->second.make(options);
  return std::make_unique<SubmissionFormat>(submission(options, format), options.folder, options.classes);
}

// Below the folder of all predictions.
std::vector<std::string> files_of(const PredictionOptions& options, const std::string& format, const std::string& id) {
  const auto found = formats().find(format);
  if (found == formats().end()) return {format + "/" + submission(options, format).file_of(id)};
  if (found->second.file != nullptr) return {found->second.file(id)};
  if (format != kMasks) return {};
  std::vector<std::string> files = mask_endings(options.scored());
  for (std::string& each : files) each.insert(0, id);
  return files;
}

bool has(const std::vector<std::string>& formats, const char* name) {
  return std::find(formats.begin(), formats.end(), name) != formats.end();
}

}  // namespace

PredictionWriter::PredictionWriter(const PredictionOptions& options) {
  if (has(options.formats, "probabilities") && has(options.formats, "probabilities_float16")) {
    throw UsageError(
        "evaluate.prediction_formats: expected probabilities or probabilities_float16, found both: they have the same "
        "files");
  }
  for (const std::string& format : options.formats) formats_.push_back(make(options, format));
}

void PredictionWriter::write(const PredictedImage& image) {
  for (const auto& format : formats_) format->write(image);
}

void PredictionWriter::finish() {
  for (const auto& format : formats_) format->finish();
}

std::vector<std::filesystem::path> files_of(const PredictionOptions& options, const std::string& id) {
  std::vector<std::filesystem::path> files;
  for (const std::string& format : options.formats) {
    for (const std::string& each : files_of(options, format, id)) files.push_back(options.folder / each);
  }
  return files;
}

std::filesystem::path file_for(const std::filesystem::path& folder, const std::string& id, const std::string& ending) {
  std::filesystem::path path = folder / (id + ending);
  std::error_code error;
  std::filesystem::create_directories(path.parent_path(), error);
  if (error) throw Error("cannot make the folder " + path.parent_path().string() + ": " + error.message());
  return path;
}

}  // namespace sshost::output
