#ifndef SSHOST_CLI_COMMAND_LINE_H
#define SSHOST_CLI_COMMAND_LINE_H

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace sshost::cli {

// The command line as the commands declare it. CLI11 parses it and writes the help; it stays behind these classes,
// since its headers add six seconds to the compilation of every file that declares an option through them.
//
// Option and Command are references: copies are the same option or command, and the CommandLine outlives them.

// Exit codes besides 128 + the number of the signal that stopped a run.
enum ExitCode { kDone = 0, kFailed = 1, kUsage = 2 };

// How an option of a command, or a word without a name, is parsed and shown.
class Option {
 public:
  explicit Option(CLI::Option& option) : option_(&option) {}

  Option& type_name(const char* name);  // of the value, in the help
  Option& required();
  Option& range(int64_t lowest, int64_t highest);
  Option& non_negative();
  Option& expected(int count);  // so many values behind it
  Option& at_least(int count);
  Option& repeatable();  // one value each time
  Option& list();        // values with commas between them; also repeatable
  Option& show_default();

 private:
  CLI::Option* option_;
};

class Command {
 public:
  // `chosen` becomes what the command does, where it is the one on the command line.
  Command(CLI::App& app, std::function<int()>& chosen) : app_(&app), chosen_(&chosen) {}

  // One of the commands below a command has to be chosen, where it has any.
  Command add_command(const char* name, const char* description);

  // `name` is "--name", or "name" for what is told by its position. The value outlives the parsing. T: std::string,
  // std::filesystem::path, int64_t and optional or vectors of them (those that command_line.cpp instantiates).
  template <typename T>
  Option add_option(const char* name, T& value, const char* help);
  void add_flag(const char* name, bool& value, const char* help);

  void footer(const char* text);  // of the help

  // `work` gives the exit code.
  void runs(std::function<int()> work);

 private:
  CLI::App* app_;
  std::function<int()>* chosen_;
};

class CommandLine {
 public:
  CommandLine(const char* program, const char* description);
  ~CommandLine();

  Command command() { return {*app_, chosen_}; }
  void add_version_flag(const std::string& version);

  // Parses, and runs the command that was chosen. Gives its exit code; kDone after printing a help or the version that
  // was asked for, kUsage after saying what is wrong.
  int run(int count, char** arguments);

 private:
  std::unique_ptr<CLI::App> app_;
  std::function<int()> chosen_;
};

}  // namespace sshost::cli

#endif  // SSHOST_CLI_COMMAND_LINE_H
