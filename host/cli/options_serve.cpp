#include <memory>

#include "cli/commands.h"

namespace sshost::cli {
namespace {

void add_limits(Command command, ServeArguments& arguments) {
  command.add_option("--batch", arguments.batch, "Images of one size that go through a model together")
      .range(1, 1024)
      .type_name("N")
      .show_default();
  command.add_option("--gather", arguments.gather, "Milliseconds that an image waits for others")
      .range(0, 10'000)
      .type_name("N")
      .show_default();
  command.add_option("--queue", arguments.queue, "Images that may wait; further ones are answered 429")
      .range(1, 100'000)
      .type_name("N")
      .show_default();
  command.add_option("--seconds", arguments.seconds, "For a request to arrive, to be worked on, and to be taken")
      .range(1, 3600)
      .type_name("N")
      .show_default();
  command.add_option("--megabytes", arguments.megabytes, "Of a request").range(1, 1024).type_name("N").show_default();
  command.add_option("--megapixels", arguments.megapixels, "Of an image, of 1048576 pixels each")
      .range(1, 256)
      .type_name("N")
      .show_default();
}

}  // namespace

void add_serve_command(Command app, const Works& works) {
  const auto arguments = std::make_shared<ServeArguments>();
  Command command = app.add_command("serve", "Answer requests for predictions over HTTP");
  command.other_words({"server", "deploy", "http"});
  command
      .add_option("models", arguments->models,
                  "Checkpoints, runs' folders or pipelines; NAME=PATH names one otherwise than its file does")
      .type_name("MODEL")
      .required();
  add_set_option(command, arguments->set);
  add_trust_option(command, arguments->trust);
  add_talk_options(command, arguments->talk);
  command.add_option("--device", arguments->device, "cpu, cuda or cuda:N, as the pipeline's device")
      .type_name("DEVICE");
  command
      .add_option("--host", arguments->host, "The address that is listened to; others than this machine need a token")
      .type_name("ADDRESS")
      .show_default();
  command.add_option("--port", arguments->port, "0: any that is free").range(0, 65535).type_name("N").show_default();
  command
      .add_option("--token-file", arguments->token_file,
                  "Its text has to come with each request; default: that of the environment's SSHOST_TOKEN, or none")
      .type_name("FILE");
  command.add_flag("--open", arguments->open, "Serve other machines without a token");
  add_limits(command, *arguments);
  command.notes("docs/serve.md tells what is asked and answered, and what the limits bound.\n");
  command.examples({"sshost serve model.safetensors",
                    "sshost serve street=runs/street-001 room=room.safetensors --port 8080",
                    "curl --data-binary @photo.jpg http://127.0.0.1:8000/v1/predict --output mask.png"});
  command.runs(works.serve, arguments);
}

}  // namespace sshost::cli
