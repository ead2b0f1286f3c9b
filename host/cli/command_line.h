#ifndef SSHOST_CLI_COMMAND_LINE_H
#define SSHOST_CLI_COMMAND_LINE_H

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cli/command_tree.h"

namespace CLI {
class App;
class Option;
}  // namespace CLI

namespace sshost::cli {

// The command line as the commands declare it. CLI11 parses it; it stays behind these classes, since its headers add
// six seconds to the compilation of every file that declares an option through them.
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

// What is known of a command beside its options.
struct CommandFacts {
  std::vector<std::string> other_words;
  std::string notes;
  std::vector<std::string> examples;
  std::string closing;
  std::function<int()> work;
  std::shared_ptr<void> arguments;  // what the options fill
};

class CommandLine;

class Command {
 public:
  Command(CLI::App& app, CommandLine& line) : app_(&app), line_(&line) {}

  // One of the commands below a command has to be chosen, where it has any.
  Command add_command(const char* name, const char* description);

  // `name` is "--name", or "name" for what is told by its position. The value outlives the parsing. T: std::string,
  // std::filesystem::path, int64_t, double and optional or vectors of them (those that command_line.cpp instantiates).
  template <typename T>
  Option add_option(const char* name, T& value, const char* help);
  void add_flag(const char* name, bool& value, const char* help);

  // What people type who mean this command: whoever does is told its name.
  void other_words(std::vector<std::string> words);

  // The help's parts behind the options. Paragraphs end with '\n'; lines are broken where they are shown. A command
  // with others below shows their first examples.
  void notes(std::string text);
  void examples(std::vector<std::string> lines);
  void closing(std::string text);

  // `work` gives the exit code.
  void runs(std::function<int()> work);

  // The same for a function of the arguments that the options fill; nullptr: nothing, as in a program that reads the
  // command line for another one.
  template <typename Arguments>
  void runs(int (*work)(const Arguments&), std::shared_ptr<Arguments> arguments) {
    keep(arguments);
    if (work != nullptr) runs([work, arguments] { return work(*arguments); });
  }

 private:
  CommandFacts& facts() const;
  void keep(std::shared_ptr<void> arguments);

  CLI::App* app_;
  CommandLine* line_;
};

class CommandLine {
 public:
  CommandLine(const char* program, const char* description);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  Command command() { return {*app_, *this}; }
  void set_version(std::string text) { version_ = std::move(text); }

  // Reads the words behind the program's name. False where a help ("--help", and "help" as the first word) or the
  // version was asked for, and printed. Throws UsageError with what is wrong, and what may have been meant.
  bool parse(std::vector<std::string> words);

  // Whether this program can do what was chosen.
  bool can_run() const;

  // Runs the command that was chosen, and gives its exit code.
  int run() const;

  // All commands and options, for completion.
  CommandTree tree() const;

  // The whole of a small program's main: parses and runs; says on stderr what is wrong.
  int run(int count, char** arguments);

 private:
  friend class Command;

  CommandTree tree_of(const CLI::App& app) const;
  const CLI::App& chosen() const;
  std::string help_of(const CLI::App& app) const;
  std::vector<std::string> examples_of(const CLI::App& app) const;
  std::string explain(const std::string& message) const;
  std::string explain_word(const std::string& word, const CLI::App& app) const;

  std::unique_ptr<CLI::App> app_;
  std::string version_;
  std::map<const CLI::App*, CommandFacts> facts_;
};

}  // namespace sshost::cli

#endif  // SSHOST_CLI_COMMAND_LINE_H
