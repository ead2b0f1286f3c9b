#include <memory>

#include "cli/commands.h"

namespace sshost::cli {
namespace {

void add_doctor(Command data, const Works& works) {
  const auto arguments = std::make_shared<DoctorArguments>();
  Command command = data.add_command("doctor", "Read a pipeline's data and say what is wrong with it");
  command.other_words({"check", "diagnose"});
  command.add_option("pipeline", arguments->file, "YAML file").type_name("PIPELINE").required();
  add_pipeline_options(command, *arguments);
  add_json_option(command, arguments->talk);
  command.add_option("--limit", arguments->limit, "Samples of each split, spread evenly; 0: all")
      .type_name("N")
      .non_negative();
  command.notes(
      "Looks for unpaired files, files that cannot be read, labels of another size than their image, colours instead "
      "of numbers and numbers instead of colours, 0/255 masks, numbers that are no class, and classes that never "
      "occur.\n"
      "Prints lines of YAML that mend it; they work as they stand in a pipeline that extends this one. Ends with 1 "
      "where something is to be done.\n");
  command.examples({"sshost data doctor pipeline.yaml", "sshost data doctor pipeline.yaml --limit 200"});
  command.runs(works.data_doctor, arguments);
}

void add_preview(Command data, const Works& works) {
  const auto arguments = std::make_shared<PreviewArguments>();
  Command command = data.add_command("preview", "Draw a contact sheet of the samples behind their transforms");
  command.other_words({"show", "view", "browse"});
  command.add_option("pipeline", arguments->file, "YAML file").type_name("PIPELINE").required();
  add_pipeline_options(command, *arguments);
  add_json_option(command, arguments->talk);
  command.add_option("--sheet", arguments->sheet, "Where it goes: a PNG or JPEG file").type_name("FILE").show_default();
  command.add_option("--count", arguments->count, "Samples, spread evenly over the split")
      .range(1, 1000)
      .type_name("N")
      .show_default();
  command.add_option("--width", arguments->width, "Of each image in the sheet")
      .range(16, 4096)
      .type_name("PIXELS")
      .show_default();
  command.add_option("--columns", arguments->columns, "Samples in a row").range(1, 64).type_name("N").show_default();
  command.add_flag("--evaluate", arguments->evaluate, "The split that is evaluated, with its transforms");
  command.notes(
      "The samples are those of the first epoch: the same crops, flips and colours as training sees. Below them stands "
      "which colour is which class.\n");
  command.examples(
      {"sshost data preview pipeline.yaml", "sshost data preview pipeline.yaml --evaluate --count 4 --sheet val.jpg"});
  command.runs(works.data_preview, arguments);
}

}  // namespace

void add_data_commands(Command app, const Works& works) {
  Command data = app.add_command("data", "Look at a pipeline's data");
  add_doctor(data, works);
  add_preview(data, works);
}

}  // namespace sshost::cli
