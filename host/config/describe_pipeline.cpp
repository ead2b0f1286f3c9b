#include "config/host_types.h"
#include "config/pipeline.h"
#include "config/sections.h"

namespace sshost::config {

namespace {

std::string describe_types(const std::string& title, std::span<const HostType> types) {
  std::string text;
  for (const HostType& type : types) {
    text += "\n" + title + " " + type.name + ": " + type.text + "\n" + describe(type.schema.abi());
  }
  return text;
}

}  // namespace

std::string describe_pipeline() {
  std::string text =
      "A pipeline is a YAML file with these keys. `extends: base.yaml`, or a list of files, takes the keys of other\n"
      "files, relative to this one: maps merge, lists replace, and a map whose `type` changes replaces the base's.\n\n";
  text += describe(pipeline_schema().abi());
  text += "\nKeys of an auxiliary head, beside its type and its own options\n" + describe(auxiliary_schema().abi());
  text += "\nweights: a file, or\n" + describe(weights_schema().abi());
  text += describe_types("transform", transform_types());
  text += describe_types("loss", loss_types());
  text += describe_types("optimizer", optimizer_types());
  text += describe_types("schedule", schedule_types());
  return text;
}

}  // namespace sshost::config
