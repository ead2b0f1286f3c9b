#include "serve/description.h"

namespace sshost::serve {

using nlohmann::json;

json describe_tensors(const ServedModel& model) {
  const json maps = {-1, model.classes().size(), -1, -1};
  return {{"name", model.name()},
          {"versions", {"1"}},
          {"platform", "sshost"},
          {"inputs", {{{"name", "image"}, {"datatype", "UINT8"}, {"shape", {-1, -1, -1, model.channels()}}}}},
          {"outputs",
           {{{"name", "mask"}, {"datatype", mask_datatype(model)}, {"shape", {-1, -1, -1}}},
            {{"name", "probabilities"}, {"datatype", "FP32"}, {"shape", maps}},
            {{"name", "logits"}, {"datatype", "FP32"}, {"shape", maps}}}}};
}

json describe_models(const std::vector<std::unique_ptr<ServedModel>>& models) {
  json list = json::array();
  for (const auto& model : models) {
    json classes = json::array();
    for (const data::Class& one : model->classes()) classes.push_back({{"name", one.name}, {"color", one.color}});
    list.push_back(
        {{"name", model->name()}, {"channels", model->channels()}, {"step", model->step()}, {"classes", classes}});
  }
  return {{"models", list}};
}

}  // namespace sshost::serve
