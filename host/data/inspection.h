#ifndef SSHOST_DATA_INSPECTION_H
#define SSHOST_DATA_INSPECTION_H

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "data/dataset.h"
#include "data/sample_sizes.h"
#include "data/stored_palette.h"
#include "data/true_values.h"

namespace sshost::data {

// How often a number stands in the labels.
struct LabelUse {
  int64_t pixels = 0;
  int64_t images = 0;
  int64_t solid = 0;  // of the pixels, as Tally has them
};

// What was seen of a split. Messages name the sample and its files.
struct Inspection {
  int64_t samples = 0;                     // of the split
  int64_t read = 0;                        // of these
  int64_t unlabelled = 0;                  // of those that were read
  std::vector<std::string> broken;         // cannot be read
  std::vector<std::string> damaged;        // can be read, but a decoder complains: paths with what it says
  std::vector<std::string> colored;        // the label's file holds colours where numbers are read
  ColorCounts colors;                      // of these, and of those that are read as colours and have ignored pixels
  std::vector<std::string> indexed;        // it holds numbers of classes where colours are read, and they are none
  std::vector<std::string> sizes_differ;   // of image and label
  int64_t scaled = 0;                      // of these, the labels that have their image's shape
  std::vector<SampleSize> sizes;           // of the images, each size once with the first sample that has it
  std::vector<std::string> lossy;          // labels that are stored in a way that changes numbers and colours
  NumberCounts stored;                     // where `label_map` changes them: what the files hold, if it was looked at
  int64_t pixels = 0;                      // of the labels that were read
  std::map<int32_t, LabelUse> labels;      // by number, also those that are no class; of sets of classes by class
  std::map<int32_t, std::string> example;  // of each number, the first sample that has it
  std::map<int32_t, LabelUse> unmapped;    // numbers in the files that `label_map` does not name: they are ignored
  PaletteUse palettes;                     // of the labels, where their numbers are the classes
  std::map<std::string, int64_t> dark;     // images of 16 bits, with their largest value, where that is small
  int64_t deep = 0;                        // images of 16 bits that were looked at for that
  std::vector<std::string> alpha;          // labels whose alpha channel varies; it is not read
  int64_t in_alpha_alone = 0;              // of these, those that hold one colour or number beside it
  std::map<std::string, double> clear;     // images with transparent pixels, with their share; their alpha is not read
  int64_t looked_for_clear = 0;            // images that were looked at for that
  std::vector<std::string> turned;         // images turned by EXIF data in a way that no label's size can show
  int64_t looked_for_turned = 0;           // images that were looked at for that
};

struct InspectionOptions {
  int64_t limit = 0;           // at most so many samples, spread evenly over the split; 0: all
  bool reads_colors = false;   // the data set takes labels for pictures in the classes' colours
  bool strict_images = false;  // what is damaged is broken
  std::set<int32_t> mapped{};  // the numbers that `label_map` names; empty: there is none
};

// `progress` is told after each sample.
Inspection inspect(const Dataset& dataset, const InspectionOptions& options,
                   const std::function<void(int64_t done, int64_t of)>& progress);

}  // namespace sshost::data

#endif  // SSHOST_DATA_INSPECTION_H
