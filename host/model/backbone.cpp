#include "model/backbone.h"

#include <ATen/core/Tensor.h>

#include "base/size_text.h"
#include "model/check.h"
#include "state/handles.h"

namespace sshost::model {
namespace {

// Networks round up, down, or lose a row at a border: what has to be caught is another stride.
bool fits_stride(int64_t size, int64_t image_size, int64_t stride) {
  return size >= 1 && size >= image_size / stride - 1 && size <= (image_size + stride - 1) / stride + 1;
}

}  // namespace

Backbone::Backbone(const config::ComponentConfig& config, const plugin::Component& component, state::Builder& builder,
                   int64_t in_channels)
    : table_(component.table<ss_backbone_table>()),
      instance_(
          component, "backbone", builder,
          [&](ss_builder target, void** self) {
            const ss_backbone_spec spec = {.size = sizeof spec, .reserved = 0, .in_channels = in_channels};
            return table_->create(target, config.options.get(), &spec, self);
          },
          table_->destroy),
      features_(read_list<ss_feature_spec>(instance_, "the list of features", [this](auto* out, uint32_t* count) {
        return table_->features(instance_.self(), out, count);
      })) {
  if (features_.empty()) instance_.broken("the list of features", "at least one", "none");
  for (const ss_feature_spec& feature : features_) {
    if (feature.channels >= 1 && feature.stride >= 1) continue;
    instance_.broken("a feature", "channels and a stride of at least 1",
                     c10::str(feature.channels, " channels, stride ", feature.stride));
  }
}

std::vector<at::Tensor> Backbone::forward(state::ExecutionContext& context, const at::Tensor& image) const {
  const plugin::AtWork at_work(instance_.who());  // also while its results are looked at, which may be no handles
  const state::LentHandles lent({image});
  std::vector<ss_tensor> handles(features_.size(), nullptr);
  context.bind_to_this_thread();
  instance_.call([&] {
    return table_->forward(instance_.self(), &context, lent[0], handles.data(), static_cast<uint32_t>(handles.size()));
  });
  std::vector<at::Tensor> maps;
  for (const ss_tensor handle : handles) maps.push_back(instance_.take(handle));
  for (std::size_t index = 0; index < maps.size(); ++index) check_map(maps[index], index, image);
  require_unchanged(instance_, "the image", lent);
  return maps;
}

void Backbone::check_map(const at::Tensor& map, std::size_t index, const at::Tensor& image) const {
  const ss_feature_spec& spec = features_[index];
  const std::string what = "feature " + std::to_string(index);
  require_map(instance_, what, map, image.size(0), spec.channels);
  if (fits_stride(map.size(2), image.size(2), spec.stride) && fits_stride(map.size(3), image.size(3), spec.stride)) {
    return;
  }
  instance_.broken(
      what,
      c10::str("about ", size_text(image.size(2) / spec.stride, image.size(3) / spec.stride), " at its stride of ",
               spec.stride, " for an image of ", size_text(image.size(2), image.size(3))),
      describe(map));
}

}  // namespace sshost::model
