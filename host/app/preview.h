#ifndef SSHOST_APP_PREVIEW_H
#define SSHOST_APP_PREVIEW_H

#include <cstdint>
#include <filesystem>
#include <string>

#include "run/session.h"

namespace sshost::app {

struct PreviewRequest {
  bool of_evaluation = false;  // the split that is evaluated, with its transforms; else the one that is trained with
  int64_t count = 12;
  int64_t width = 256;  // of a picture
  int64_t columns = 2;
  std::filesystem::path sheet;  // where it is written
};

struct Preview {
  std::string split;
  int64_t samples = 0;  // shown
  int64_t size = 0;     // of the split
};

// Draws samples that are spread evenly over a split as the loader gives them in the first epoch, behind their
// transforms, each beside its label.
Preview draw_preview(const run::Session& opened, const PreviewRequest& request);

}  // namespace sshost::app

#endif  // SSHOST_APP_PREVIEW_H
