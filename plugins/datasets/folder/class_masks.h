#ifndef SSHOST_PLUGINS_FOLDER_CLASS_MASKS_H
#define SSHOST_PLUGINS_FOLDER_CLASS_MASKS_H

#include <sshost/file_dataset.hpp>

#include <map>
#include <string>
#include <vector>

#include "label_reader.h"
#include "options.h"

namespace folder {

// Labels that are a mask for each class: "masks/{class}/*.png". A pixel is of every class in whose mask it is set.
bool are_class_masks(const Options& options);

// By the sample's id: the paths of its masks, one for each class, empty where there is none.
using MaskPaths = std::map<std::string, std::vector<std::string>>;

// The images of a split with their masks; those without any, and masks without an image, are lonely. Fills in `masks`.
// Throws where a class has no mask at all.
ss::Pairs pair_masks(const Options& options, const std::string& split, MaskPaths& masks);

// The set of classes of each pixel (SS_LABEL_SET). A mask holds two values, 0 where a pixel is not of its class; with a
// tolerance others count as the nearer one of 0 and the largest, and are ignored where they are near neither.
Label read_masks(const std::vector<std::string>& paths, std::optional<int64_t> tolerance);

}  // namespace folder

#endif  // SSHOST_PLUGINS_FOLDER_CLASS_MASKS_H
