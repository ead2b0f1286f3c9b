#ifndef SSHOST_IMAGE_WARNINGS_H
#define SSHOST_IMAGE_WARNINGS_H

#include <string>
#include <vector>

namespace sshost::image {

// What decoders complained of (Image::warning) on this thread while this object lives: between who asks a data set for
// a sample and the decoder stands a plugin, which is told of errors alone. One for each thread at a time.
class Warnings {
 public:
  Warnings();
  ~Warnings();
  Warnings(const Warnings&) = delete;
  Warnings& operator=(const Warnings&) = delete;

  const std::vector<std::string>& found() const { return found_; }

  // To the thread's object; lost where there is none.
  static void add(const std::string& warning);

 private:
  std::vector<std::string> found_;
};

}  // namespace sshost::image

#endif  // SSHOST_IMAGE_WARNINGS_H
