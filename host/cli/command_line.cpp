#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <filesystem>
#include <optional>
#include <utility>
#include <vector>

namespace sshost::cli {

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
  return {*app_->add_subcommand(name, description), *chosen_};
}

template <typename T>
Option Command::add_option(const char* name, T& value, const char* help) {
  return Option(*app_->add_option(name, value, help));
}

template Option Command::add_option(const char*, std::string&, const char*);
template Option Command::add_option(const char*, std::filesystem::path&, const char*);
template Option Command::add_option(const char*, int64_t&, const char*);
template Option Command::add_option(const char*, std::optional<int64_t>&, const char*);
template Option Command::add_option(const char*, std::vector<std::string>&, const char*);
template Option Command::add_option(const char*, std::vector<std::filesystem::path>&, const char*);
template Option Command::add_option(const char*, std::vector<int64_t>&, const char*);
template Option Command::add_option(const char*, std::vector<double>&, const char*);

void Command::add_flag(const char* name, bool& value, const char* help) { app_->add_flag(name, value, help); }

void Command::footer(const char* text) { app_->footer(text); }

void Command::runs(std::function<int()> work) {
  app_->callback([chosen = chosen_, work = std::move(work)] { *chosen = work; });
}

CommandLine::CommandLine(const char* program, const char* description)
    : app_(std::make_unique<CLI::App>(description, program)) {}

CommandLine::~CommandLine() = default;

void CommandLine::add_version_flag(const std::string& version) { app_->set_version_flag("--version", version); }

int CommandLine::run(int count, char** arguments) {
  try {
    app_->parse(count, arguments);
  } catch (const CLI::ParseError& error) {
    return app_->exit(error) == 0 ? kDone : kUsage;
  }
  return chosen_();
}

}  // namespace sshost::cli
