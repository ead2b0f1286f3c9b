#include "config/host_type.h"
#include "config/pipeline.h"
#include "config/sections.h"

namespace sshost::config {

namespace {

std::string describe_types(const std::string& title, const HostTypeList& types) {
  std::string text;
  for (const HostType* type : types) {
    text += "\n" + title + " " + type->name + ": " + type->text + "\n" + describe(type->schema.abi());
  }
  return text;
}

}  // namespace

std::string describe_pipeline(const HostTypes& types) {
  std::string text =
      "A pipeline is a YAML file with these keys. `extends: base.yaml`, or a list of files, takes the keys of other\n"
      "files, relative to this one: maps merge, lists replace, and a map whose `type` changes replaces the base's.\n\n";
  text += describe(pipeline_schema().abi());
  text += "\nKeys of an auxiliary head, beside its type and its own options\n" + describe(auxiliary_schema().abi());
  text += "\nweights: a file, or\n" + describe(weights_schema().abi());
  text += describe_types("transform", types.transforms);
  text += describe_types("loss", types.losses);
  text += describe_types("optimizer", types.optimizers);
  text += describe_types("schedule", types.schedules);
  return text;
}

}  // namespace sshost::config
