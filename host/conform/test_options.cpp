#include <random>
#include <string>
#include <vector>

#include "config/option_value.h"
#include "config/phrase.h"
#include "conform/network.h"
#include "conform/sampled.h"
#include "conform/test.h"

namespace sshost::conform {
namespace {

// Values of an option that are at the edge of what it allows, in YAML.
std::vector<std::string> edges_of(const ss_option& option) {
  std::vector<std::string> edges;
  if (option.shape != SS_OPTION_SCALAR) return edges;
  for (uint32_t i = 0; i < option.choice_count; ++i) edges.emplace_back(config::view(option.choices[i]));
  if (option.kind == SS_OPTION_BOOL) edges = {"true", "false"};
  const bool is_number = option.kind == SS_OPTION_INT || option.kind == SS_OPTION_DOUBLE;
  constexpr double kLargest = 64;  // larger ones are a matter of memory
  for (const double bound : {option.minimum, option.maximum}) {
    if (!is_number || option.choice_count > 0 || !(bound >= -kLargest && bound <= kLargest)) continue;
    edges.push_back(option.kind == SS_OPTION_INT ? std::to_string(static_cast<int64_t>(bound)) : std::to_string(bound));
  }
  return edges;
}

void create_once(const Subject& subject, const config::ComponentConfig& config) {
  if (subject.component->kind() == SS_TRANSFORM_1) {
    const data::PluginTransform transform(*subject.component, config.options.get(), sample_info(), {});
  } else {
    Network(*subject.component, config, 0);
  }
}

// A failure is right where it says what is wrong.
void try_options(const Subject& subject, const std::string& yaml) {
  config::ComponentConfig config;
  try {
    config = subject.with(yaml);
  } catch (const UsageError&) {
    return;  // an option that is required and was given is not there
  }
  try {
    create_once(subject, config);
  } catch (const Error& error) {
    const std::string text = error.what();
    if (text.find("failed without a message") == std::string::npos &&
        text.find("an exception left") == std::string::npos)
      return;
    throw Broken("with the options {" + yaml + "}: " + text);
  }
}

void run(const Subject& subject) {
  create_once(subject, subject.config);
  if (subject.component->options() == nullptr) return;
  std::vector<std::vector<std::string>> entries;
  for (const ss_option* option : config::options_of(*subject.component->options())) {
    std::vector<std::string>& of_option = entries.emplace_back();
    for (const std::string& value : edges_of(*option)) {
      of_option.push_back(std::string(config::view(option->name)) + ": " + value);
    }
    for (const std::string& entry : of_option) try_options(subject, "{" + entry + "}");
  }
  std::mt19937 random(3);
  for (int round = 0; round < 20; ++round) {
    std::string yaml;
    for (const auto& of_option : entries) {
      if (!of_option.empty() && random() % 2 == 0)
        yaml += (yaml.empty() ? "" : ", ") + of_option[random() % of_option.size()];
    }
    try_options(subject, "{" + yaml + "}");
  }
}

}  // namespace

extern const Test kOptions = {"options",
                              "created with each choice, each bound and mixtures of them, it works or says why not",
                              {"options.h", "`create` then reads complete, valid values."},
                              "backbone head memory transform loss",
                              run};

}  // namespace sshost::conform
