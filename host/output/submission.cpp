#include "output/submission.h"

#include <ATen/core/Tensor.h>
#include <ATen/ops/tensor.h>

#include <utility>

#include "output/mask_image.h"

namespace sshost::output {

SubmissionFormat::SubmissionFormat(data::Submission layout, const std::filesystem::path& folder,
                                   const std::vector<data::Class>& classes)
    : layout_(std::move(layout)),
      folder_(folder / layout_.name()),
      values_(at::tensor(layout_.values(classes), at::kLong)) {}

void SubmissionFormat::write(const PredictedImage& image) {
  const at::Tensor values = values_.index_select(0, image.classes.reshape(-1)).view(image.classes.sizes());
  write_index(file_for(folder_, layout_.file_of(image.id), ""), values, layout_.numbers());
}

}  // namespace sshost::output
