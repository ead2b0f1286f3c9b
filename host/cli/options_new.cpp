#include <memory>

#include "cli/commands.h"

namespace sshost::cli {

void add_new_command(Command app, const Works& works) {
  const auto arguments = std::make_shared<NewArguments>();
  Command command = app.add_command("new", "Write a pipeline for a folder of pictures and their labels");
  command.other_words({"init", "create", "start"});
  command.add_option("folder", arguments->folder, "Images and labels, in whatever way they lie there")
      .type_name("FOLDER")
      .required();
  command.add_option("--output", arguments->output, "The pipeline's file; default: the folder's name and .yaml")
      .type_name("FILE");
  add_talk_options(command, arguments->talk);
  command.notes(
      "Looks for images and labels of the same names, for COCO's JSON and labelme's, for folders of splits, and at "
      "what the labels hold. Says what it takes for granted; changes nothing but the file that it writes.\n");
  command.examples({"sshost new pets", "sshost new /data/pets --output pipelines/pets.yaml"});
  command.runs(works.make, arguments);
}

}  // namespace sshost::cli
