#include <array>
#include <string>
#include <vector>

#include "config/host_types.h"

namespace sshost::config {

namespace {

// The options that every loss has, and those of one type behind the weight.
Schema loss_schema(std::vector<Option> own, const std::string& weighted) {
  std::vector<Option> options{real("weight", "1", "multiplies the loss").at_least(0)};
  options.insert(options.end(), own.begin(), own.end());
  options.push_back(real("class_weights", "", weighted + ", in the data set's order; null: all count the same")
                        .list(1)
                        .nullable()
                        .at_least(0));
  return Schema(std::move(options));
}

const char* const kPixels = "of the pixels of each class";
const char* const kTerms = "of each class in the sum over pixels and classes";
const char* const kClasses = "of each class in the mean";

HostType cross_entropy() {
  const Option hard_pixels =
      structure("hard_pixels",
                Schema({real("threshold", "0.7", "on the probability of a pixel's own class").between(0, 1),
                        integer("min_kept", "100000", "pixels that count at least, for each image").at_least(1)}),
                "OHEM: only pixels below the threshold count, and the hardest where they are too few")
          .nullable();
  return {"cross_entropy", "-log p of a pixel's own class; mean over the valid pixels",
          loss_schema({hard_pixels}, kPixels), nullptr};
}

HostType bce() {
  const Option positive_weights =
      real("positive_weights", "",
           "of the pixels that are of a class, for each class; above 1: missing them costs more; null: as the others")
          .list(1)
          .nullable()
          .at_least(0);
  return {"bce", "binary cross-entropy of each class by itself; mean over the valid pixels and classes",
          loss_schema({positive_weights}, kTerms), nullptr};
}

HostType focal() {
  return {"focal", "-(1 - p)^gamma log p of a pixel's own class, or of what is right for each; mean over the pixels",
          loss_schema({real("gamma", "2", "how little pixels count of which the model is sure").at_least(0)}, kPixels),
          nullptr};
}

HostType kl() {
  return {"kl", "KL divergence of the prediction from the smoothed label; mean over the valid pixels",
          loss_schema(
              {real("smoothing", "0.1", "share of the label that is spread evenly over all classes").between(0, 0.999)},
              kPixels),
          nullptr};
}

HostType dice() {
  return {"dice", "1 - 2 |overlap| / (|prediction|^2 + |label|) of each class; mean over the classes",
          loss_schema({real("smooth", "1", "pixels, added to both sides of the fraction").at_least(1e-6)}, kClasses),
          nullptr};
}

HostType tversky() {
  return {"tversky", "1 - TP / (TP + a FP + b FN) of each class; mean over the classes",
          loss_schema({real("false_positives", "0.3", "a: what a pixel weighs that is wrongly called so").at_least(0),
                       real("false_negatives", "0.7", "b: what a pixel weighs that is missed").at_least(0),
                       real("smooth", "1", "pixels, added to both sides of the fraction").at_least(1e-6)},
                      kClasses),
          nullptr};
}

HostType lovasz() {
  return {"lovasz", "Lovasz-softmax, a smooth extension of 1 - IoU; mean over the classes that the labels hold",
          loss_schema({boolean("per_image", "false", "of each image by itself; else of the batch as one")}, kClasses),
          nullptr};
}

}  // namespace

std::span<const HostType> loss_types() {
  static const std::array<HostType, 7> types{cross_entropy(), bce(), focal(), kl(), dice(), tversky(), lovasz()};
  return types;
}

std::vector<std::string> losses_for(bool independent) {
  if (independent) return {"bce", "focal", "dice", "tversky"};
  return {"cross_entropy", "focal", "kl", "dice", "tversky", "lovasz"};
}

}  // namespace sshost::config
