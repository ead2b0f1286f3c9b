#include "infer/row_predictor.h"

#include <ATen/core/Tensor.h>

#include "base/error.h"
#include "data/batch.h"
#include "data/dataset.h"

namespace sshost::infer {
namespace {

// Rows that were read and whose classes are not known yet.
class WaitingRows {
 public:
  void add(const cv::Mat& rows) {
    if (rows_.empty()) {
      rows_ = rows;
    } else {
      cv::vconcat(rows_, rows, rows_);
    }
  }
  cv::Mat take(int count) {
    cv::Mat first = rows_.rowRange(0, count);
    rows_ = rows_.rowRange(count, rows_.rows);
    return first;
  }

 private:
  cv::Mat rows_;
};

cv::Mat read_rows(image::RowReader& image, int64_t count) {
  try {
    return image.read(count);
  } catch (const Error& error) {
    throw data::BrokenSample(error.what());
  }
}

}  // namespace

void RowPredictor::predict(image::RowReader& image, const Use& use) {
  WaitingRows waiting;
  const auto next_rows = [&](int64_t count) {
    const cv::Mat rows = read_rows(image, count);
    waiting.add(rows);
    data::Sample sample{rows, {}, {}};
    data::Random random(0);  // what evaluates draws nothing
    data::apply(transforms_, sample, random);
    return data::make_batch({&sample, 1}).images;
  };
  inference_.run_rows({image.height(), image.width()}, next_rows, [&](const at::Tensor& scores) {
    const at::Tensor classes = Scores(scores).likeliest().cpu();
    use(classes, waiting.take(static_cast<int>(classes.size(0))));
  });
}

std::string reason_against_rows(const config::Pipeline& pipeline) {
  if (pipeline.model.independent) return "model.outputs: expected exclusive, found independent";
  for (const config::TransformConfig& transform : pipeline.data.evaluate.transforms) {
    if (transform.type != "normalize") {
      return "data.evaluate.transforms: expected normalize alone, found " + transform.type;
    }
  }
  return Inference::reason_against_rows(pipeline.evaluate);
}

}  // namespace sshost::infer
