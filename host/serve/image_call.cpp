// POST /v1/predict: an image file in, a PNG or JSON out.

#include <ATen/core/Tensor.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <span>
#include <utility>

#include "base/status_error.h"
#include "data/shown.h"
#include "data/strict_images.h"
#include "image/decoder.h"
#include "image/formats.h"
#include "image/image_file.h"
#include "image/png_encoder.h"
#include "output/mask_image.h"
#include "output/overlay.h"
#include "output/run_lengths.h"
#include "serve/call.h"

namespace sshost::serve {
namespace {

using nlohmann::json;

std::span<const uint8_t> bytes_of(const std::string& body) {
  return {reinterpret_cast<const uint8_t*>(body.data()), body.size()};
}

void require_pixels(const image::Source& source, int64_t most) {
  const auto decoder = image::format_of(source).open(source);
  if (decoder->height() <= most / decoder->width()) return;
  throw Refusal(413, "expected an image of at most " + std::to_string(most) + " pixels, found " +
                         std::to_string(decoder->height()) + " x " + std::to_string(decoder->width()));
}

// As infer::read_image takes a file.
cv::Mat decoded(const std::string& body, const ServedModel& model, int64_t most_pixels) try {
  if (body.empty()) throw Refusal(400, "expected an image file (JPEG, PNG, TIFF, WebP, BMP, PNM) as the body");
  const image::MemorySource source(bytes_of(body));
  require_pixels(source, most_pixels);
  const bool is_rgb = model.channels() == 3;
  image::Image image = image::decode_image(source, is_rgb ? image::Mode::kRgb : image::Mode::kSamples);
  if (image.pixels.channels() != model.channels()) {
    throw Refusal(400, "expected an image of " + std::to_string(model.channels()) + " channels, found " +
                           std::to_string(image.pixels.channels()));
  }
  if (model.pipeline().data.strict_images && !image.warning.empty()) {
    throw Refusal(400, data::strict_refusal(image.warning));
  }
  if (image.pixels.depth() != CV_8U) image.pixels.convertTo(image.pixels, CV_32F);
  return image.pixels;
} catch (const Refusal&) {
  throw;
} catch (const StatusError&) {
  throw;  // there is no memory
} catch (const Error& error) {
  throw Refusal(400, std::string("the image cannot be read: ") + error.what());
}

enum class Format { kPalette, kIndex, kOverlay, kJson };

Format format_of(const Request& request) {
  const auto given = request.query.find("format");
  if (given == request.query.end()) {
    return request.header("accept").starts_with("application/json") ? Format::kJson : Format::kPalette;
  }
  if (given->second == "palette") return Format::kPalette;
  if (given->second == "index") return Format::kIndex;
  if (given->second == "overlay") return Format::kOverlay;
  if (given->second == "json") return Format::kJson;
  throw Refusal(400, "?format=: expected palette, index, overlay or json, found " + given->second.substr(0, 64));
}

Response png(const cv::Mat& rows, image::PngLayout layout) {
  Response response{200, "image/png"};
  layout.effort = image::PngEffort::kLittle;
  image::PngEncoder encoder(layout, [&](std::span<const uint8_t> bytes) {
    response.body.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  encoder.write(rows);
  encoder.end();
  return response;
}

Response run_lengths(const at::Tensor& classes, const ServedModel& model) {
  const json size = {classes.size(0), classes.size(1)};
  json segments = json::array();
  for (const auto& [label, lengths] : output::class_run_lengths(classes)) {
    int64_t area = 0;
    for (size_t i = 1; i < lengths.size(); i += 2) area += lengths[i];
    segments.push_back({{"class", label},
                        {"name", model.classes()[static_cast<size_t>(label)].name},
                        {"area", area},
                        {"segmentation", {{"size", size}, {"counts", output::compressed(lengths)}}}});
  }
  const json document = {{"model", model.name()}, {"size", size}, {"segments", segments}};
  return {200, "application/json", document.dump(-1, ' ', false, json::error_handler_t::replace) + "\n"};
}

Response answer_of(Format format, const at::Tensor& classes, const cv::Mat& image, const ServedModel& model) {
  const int64_t height = classes.size(0), width = classes.size(1);
  const auto count = static_cast<int64_t>(model.classes().size());
  switch (format) {
    case Format::kJson:
      return run_lengths(classes, model);
    case Format::kOverlay:
      return png(output::overlay_mask(data::shown(image), classes, model.classes()),
                 {width, height, image::PngPixel::kRgb});
    case Format::kIndex:
      return png(output::index_mat(classes, count), output::index_layout(height, width, count));
    default:
      return png(output::index_mat(classes, count), output::palette_layout(height, width, model.classes()));
  }
}

}  // namespace

void Service::predict_image(const std::shared_ptr<Call>& call) {
  call->kind = "predict";
  ServedModel& model = chosen(*call->request);
  const Format format = format_of(*call->request);
  const cv::Mat image = decoded(call->request->body, model, settings_.most_pixels);
  const auto use = [call, format, image, &model](const infer::Scores& scores) {
    call->post([call, format, image, &model, classes = scores.likeliest().cpu()] {
      try {
        call->answer(answer_of(format, classes, image, model));
      } catch (...) {
        call->answer_with_current_error();
      }
    });
  };
  const auto fail = [call](const std::exception_ptr& why) {
    try {
      std::rethrow_exception(why);
    } catch (...) {
      call->answer_with_current_error();
    }
  };
  queue_.push({{&model, image, call->deadline, use, fail}});
}

}  // namespace sshost::serve
