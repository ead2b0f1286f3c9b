#ifndef SSHOST_PLUGINS_FOLDER_LABEL_READER_H
#define SSHOST_PLUGINS_FOLDER_LABEL_READER_H

#include <sshost/image.hpp>
#include <sshost/label_table.hpp>

#include <cstdint>
#include <map>
#include <vector>

#include "options.h"
#include "strangers.h"

namespace folder {

// A label before it is given to the host: a class, or the ignored label, for each pixel.
struct Label {
  int64_t height;
  int64_t width;
  std::vector<int32_t> classes;
  Strangers strangers = {};  // that are ignored, though nothing says so
};

// What a label file's numbers, or colors, stand for.
class LabelReader {
 public:
  // Throws for maps that leave the classes, and for colors that are missing or not unlike.
  explicit LabelReader(const Options& options);

  Label read(const std::string& path) const;

 private:
  Label read_numbers(const std::string& path) const;
  Label read_colors(const std::string& path) const;
  int32_t class_of(const ss::Color& color) const;

  int32_t ignored_;
  int64_t tolerance_;
  bool reads_colors_;
  std::map<int32_t, int32_t> named_;  // by label_map
  ss::LabelTable numbers_;
  std::map<ss::Color, int32_t> colors_;
};

// The nearest pixel of the label for each pixel of a picture of this size. Throws where the two have another shape.
Label resized(const Label& label, int64_t height, int64_t width);

}  // namespace folder

#endif  // SSHOST_PLUGINS_FOLDER_LABEL_READER_H
