#ifndef SSHOST_SERVE_DESCRIPTION_H
#define SSHOST_SERVE_DESCRIPTION_H

#include <memory>
#include <nlohmann/json.hpp>
#include <vector>

#include "serve/served_model.h"

namespace sshost::serve {

// The datatype of a mask: 8 bits where they suffice.
inline const char* mask_datatype(const ServedModel& model) { return model.classes().size() <= 256 ? "UINT8" : "INT32"; }

// The model's metadata of the Open Inference Protocol.
nlohmann::json describe_tensors(const ServedModel& model);

// {"models": [{"name", "channels", "step", "classes": [{"name", "color": [r, g, b]}]}]}.
nlohmann::json describe_models(const std::vector<std::unique_ptr<ServedModel>>& models);

}  // namespace sshost::serve

#endif  // SSHOST_SERVE_DESCRIPTION_H
