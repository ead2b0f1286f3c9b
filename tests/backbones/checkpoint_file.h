// Checkpoints of a format's names, made up for a model.
#ifndef SSHOST_TESTS_BACKBONES_CHECKPOINT_FILE_H
#define SSHOST_TESTS_BACKBONES_CHECKPOINT_FILE_H

#include <ATen/ATen.h>

#include <map>
#include <string>

#include "backbones/bench.h"
#include "checkpoint/weights_import.h"
#include "run/model.h"

namespace sshost::test {

// A whole model with the backbone "{type: ...}", as an import sees it.
class ImportBench {
 public:
  explicit ImportBench(const std::string& backbone)
      : session_(open_backbone(backbone)), model_(run::build_model(session_, 2)) {}

  // The format's name of a state of the backbone, which is given without "backbone.".
  std::string published(const std::string& format, const std::string& name) const {
    return published_names(format).at("backbone." + name).name;
  }
  std::map<std::string, model::PublishedName> published_names(const std::string& format) const {
    return model_->segmentor->published(format);
  }

  const at::Tensor& value(const std::string& name) const { return model_->store.find("backbone." + name)->value; }

  // Every tensor of the backbone by the format's name, in our shape; all elements of a file are different numbers.
  std::map<std::string, at::Tensor> file(const std::string& format) const {
    std::map<std::string, at::Tensor> tensors;
    double next = 0;
    for (const auto& [ours, theirs] : model_->segmentor->names(format)) {
      const at::Tensor& value = model_->store.find(ours)->value;
      if (!ours.starts_with("backbone.")) continue;
      tensors[theirs] = at::arange(next, next + static_cast<double>(value.numel()), at::kDouble).reshape(value.sizes());
      next += static_cast<double>(value.numel());
    }
    return tensors;
  }

  // As `model.backbone.weights` reads it; which format it is has to be found out.
  checkpoint::ImportReport load(const std::map<std::string, at::Tensor>& tensors) {
    checkpoint::ImportRequest request{"model.backbone.weights", "backbone.", {}, {}};
    for (const std::string& format : model_->segmentor->formats()) {
      request.formats.push_back({format, model_->segmentor->published(format)});
    }
    return checkpoint::import_weights(model_->store, {{tensors.begin(), tensors.end()}, {}}, request);
  }

 private:
  run::Session session_;
  std::unique_ptr<run::Model> model_;
};

}  // namespace sshost::test

#endif  // SSHOST_TESTS_BACKBONES_CHECKPOINT_FILE_H
