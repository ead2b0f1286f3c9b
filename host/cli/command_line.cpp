#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

#include "base/error.h"
#include "base/printable.h"
#include "cli/help_text.h"
#include "config/nearest.h"

namespace sshost::cli {
namespace {

// "sshost data doctor"
std::string path_of(const CLI::App& app) {
  const CLI::App* parent = app.get_parent();
  return (parent == nullptr ? "" : path_of(*parent) + " ") + app.get_name();
}

// Without what CLI11 adds of its checks: "N:INT in [0 - 100]".
std::string value_of(const CLI::Option& option) {
  if (option.get_items_expected_max() == 0) return {};
  const std::string type = option.get_type_name();
  std::string value = type.substr(0, type.find(':'));
  if (!option.get_positional()) return value;
  if (option.get_items_expected_max() > 1) value += "...";
  return option.get_required() ? value : "[" + value + "]";
}

OptionFacts facts_of(const CLI::Option& option) {
  OptionFacts facts{{}, value_of(option), option.get_description()};
  for (const std::string& name : option.get_snames()) facts.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) facts.names.push_back("--" + name);
  if (const std::string text = option.get_default_str(); !text.empty()) facts.text += " (default: " + text + ")";
  if (option.get_required() && !option.get_positional()) facts.text += " (required)";
  return facts;
}

std::vector<std::string> option_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::Option* option : app.get_options()) {
    for (const std::string& name : facts_of(*option).names) names.push_back(name);
  }
  return names;
}

std::vector<const CLI::App*> commands_below(const CLI::App& app) {
  return app.get_subcommands([](const CLI::App*) { return true; });
}

std::vector<std::string> command_names(const CLI::App& app) {
  std::vector<std::string> names;
  for (const CLI::App* below : commands_below(app)) names.push_back(below->get_name());
  return names;
}

bool begins_with_dash(const std::string& word) { return word.size() > 1 && word.front() == '-'; }

}  // namespace

Option& Option::type_name(const char* name) {
  option_->type_name(name);
  return *this;
}

Option& Option::required() {
  option_->required();
  return *this;
}

Option& Option::range(int64_t lowest, int64_t highest) {
  option_->check(CLI::Range(lowest, highest));
  option_->description(option_->get_description() + "; " + std::to_string(lowest) + " to " + std::to_string(highest));
  return *this;
}

Option& Option::non_negative() {
  option_->check(CLI::NonNegativeNumber);
  return *this;
}

Option& Option::expected(int count) {
  option_->expected(count);
  return *this;
}

Option& Option::at_least(int count) {
  option_->expected(count, CLI::detail::expected_max_vector_size);
  return *this;
}

Option& Option::repeatable() {
  option_->expected(1)->take_all();
  return *this;
}

Option& Option::list() {
  option_->delimiter(',')->expected(1)->take_all();
  return *this;
}

Option& Option::show_default() {
  option_->capture_default_str();
  return *this;
}

Command Command::add_command(const char* name, const char* description) {
  app_->require_subcommand(1);
  return {*app_->add_subcommand(name, description), *line_};
}

template <typename T>
Option Command::add_option(const char* name, T& value, const char* help) {
  return Option(*app_->add_option(name, value, help));
}

template Option Command::add_option(const char*, std::string&, const char*);
template Option Command::add_option(const char*, std::filesystem::path&, const char*);
template Option Command::add_option(const char*, int64_t&, const char*);
template Option Command::add_option(const char*, std::optional<int64_t>&, const char*);
template Option Command::add_option(const char*, double&, const char*);
template Option Command::add_option(const char*, std::vector<std::string>&, const char*);
template Option Command::add_option(const char*, std::vector<std::filesystem::path>&, const char*);
template Option Command::add_option(const char*, std::vector<int64_t>&, const char*);
template Option Command::add_option(const char*, std::vector<double>&, const char*);

void Command::add_flag(const char* name, bool& value, const char* help) { app_->add_flag(name, value, help); }

CommandFacts& Command::facts() const { return line_->facts_[app_]; }

void Command::other_words(std::vector<std::string> words) { facts().other_words = std::move(words); }
void Command::notes(std::string text) { facts().notes = std::move(text); }
void Command::examples(std::vector<std::string> lines) { facts().examples = std::move(lines); }
void Command::closing(std::string text) { facts().closing = std::move(text); }
void Command::keep(std::shared_ptr<void> arguments) { facts().arguments = std::move(arguments); }
void Command::runs(std::function<int()> work) { facts().work = std::move(work); }

CommandLine::CommandLine(const char* program, const char* description)
    : app_(std::make_unique<CLI::App>(description, program)) {
  app_->set_help_flag("-h,--help", "Say this and end");
}

CommandLine::~CommandLine() = default;

bool CommandLine::parse(std::vector<std::string> words) {
  if (!words.empty() && words.front() == "help") {  // as others have it
    words.erase(words.begin());
    words.emplace_back("--help");
  }
  if (!version_.empty() && !words.empty() && words.front() == "--version") {
    std::printf("%s\n", version_.c_str());
    return false;
  }
  std::reverse(words.begin(), words.end());  // as CLI11 wants them
  try {
    app_->parse(std::move(words));
  } catch (const CLI::CallForHelp&) {
    std::fputs(help_of(chosen()).c_str(), stdout);
    return false;
  } catch (const CLI::ParseError& error) {
    throw UsageError(explain(error.what()));
  }
  return true;
}

bool CommandLine::can_run() const {
  const auto facts = facts_.find(&chosen());
  return facts != facts_.end() && facts->second.work != nullptr;
}

int CommandLine::run() const { return facts_.at(&chosen()).work(); }

int CommandLine::run(int count, char** arguments) {
  try {
    if (!parse({arguments + 1, arguments + count})) return kDone;
  } catch (const UsageError& error) {
    std::fprintf(stderr, "%s\n", printable(error.what()).c_str());
    return kUsage;
  }
  return run();
}

// The last command of the words.
const CLI::App& CommandLine::chosen() const {
  const CLI::App* app = app_.get();
  while (!app->get_subcommands().empty()) app = app->get_subcommands().front();
  return *app;
}

std::string CommandLine::explain(const std::string& message) const {
  const CLI::App& app = chosen();
  const std::string who = path_of(app);
  const std::string more = "\n`" + who + " --help` tells what it takes.";
  const std::vector<std::string> unknown = app_->remaining(true);
  if (!unknown.empty()) return wrap(who + ": " + explain_word(unknown.front(), app), 2, 0) + more.substr(1);
  const std::vector<std::string> commands = command_names(app);
  if (commands.empty()) return who + ": " + message + more;
  return wrap(who + ": expected a command, one of " + config::join_names(commands), 2, 0) + more.substr(1);
}

// What is typed for a command may be meant for one below another: "doctor" for "data doctor".
std::string CommandLine::explain_word(const std::string& word, const CLI::App& app) const {
  if (begins_with_dash(word)) {
    std::vector<std::string> names = option_names(app);
    if (&app == app_.get() && !version_.empty()) names.emplace_back("--version");
    const std::string name = word.substr(0, word.find('='));
    if (std::find(names.begin(), names.end(), name) != names.end()) {
      return "the option " + name + " stands behind the command: `" + path_of(app) + " " + name + "`";
    }
    return "there is no option " + name + config::suggestion(name, names);
  }
  const std::vector<const CLI::App*> commands = commands_below(app);
  if (commands.empty()) return "did not expect \"" + word + "\"";
  std::map<std::string, std::string> meant;  // what may have been typed -> the command
  const auto add = [&](const CLI::App& command, const std::string& name) {
    meant.emplace(name.substr(name.rfind(' ') + 1), name);
    const auto facts = facts_.find(&command);
    if (facts == facts_.end()) return;
    for (const std::string& other : facts->second.other_words) meant.emplace(other, name);
  };
  for (const CLI::App* command : commands) add(*command, command->get_name());
  for (const CLI::App* command : commands) {
    for (const CLI::App* below : commands_below(*command)) add(*below, command->get_name() + " " + below->get_name());
  }
  std::vector<std::string> typed;
  for (const auto& [name, command] : meant) typed.push_back(name);
  const std::string near = config::nearest_name(word, typed);
  return "there is no command \"" + word + "\"" +
         (near.empty() ? "; there are: " + config::join_names(command_names(app))
                       : " (did you mean \"" + meant.at(near) + "\"?)");
}

// A command with others below shows the first example of each.
std::vector<std::string> CommandLine::examples_of(const CLI::App& app) const {
  const auto facts = facts_.find(&app);
  if (facts != facts_.end() && !facts->second.examples.empty()) return facts->second.examples;
  std::vector<std::string> examples;
  for (const CLI::App* below : commands_below(app)) {
    const std::vector<std::string> its = examples_of(*below);
    if (!its.empty()) examples.push_back(its.front());
  }
  return examples;
}

std::string CommandLine::help_of(const CLI::App& app) const {
  const auto facts = facts_.find(&app);
  const CommandFacts known = facts == facts_.end() ? CommandFacts{} : facts->second;
  return to_string(HelpText{path_of(app), tree_of(app), known.notes, examples_of(app), known.closing});
}

CommandTree CommandLine::tree() const { return tree_of(*app_); }

CommandTree CommandLine::tree_of(const CLI::App& app) const {
  CommandTree tree{app.get_name(), app.get_description(), {}, {}};
  for (const CLI::Option* option : app.get_options()) tree.options.push_back(facts_of(*option));
  if (&app == app_.get() && !version_.empty()) tree.options.push_back({{"--version"}, "", "Say the version and end"});
  for (const CLI::App* below : commands_below(app)) tree.commands.push_back(tree_of(*below));
  return tree;
}

}  // namespace sshost::cli
