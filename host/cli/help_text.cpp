#include "cli/help_text.h"

#include <algorithm>
#include <sstream>

namespace sshost::cli {
namespace {

constexpr size_t kMargin = 2;
constexpr size_t kTextColumn = 26;

// "--set KEY=VALUE", or "PIPELINE" for what has no name.
std::string label_of(const OptionFacts& option) {
  std::string label;
  for (const std::string& name : option.names) label += (label.empty() ? "" : ", ") + name;
  if (option.value.empty()) return label;
  return label + (label.empty() ? "" : " ") + option.value;
}

std::string entry(const std::string& label, const std::string& text) {
  std::string out = std::string(kMargin, ' ') + label;
  if (out.size() + 2 > kTextColumn) {
    out += "\n" + std::string(kTextColumn, ' ');
  } else {
    out.resize(kTextColumn, ' ');
  }
  return out + wrap(text, kTextColumn, kTextColumn);
}

std::string options_part(const CommandTree& command, bool are_named) {
  std::string out;
  for (const OptionFacts& option : command.options) {
    if (option.names.empty() != are_named) out += entry(label_of(option), option.text);
  }
  return out;
}

std::string commands_part(const CommandTree& command) {
  std::string out;
  for (const CommandTree& below : command.commands) out += entry(below.name, below.text);
  return out;
}

std::string usage_line(const HelpText& help) {
  std::string line = "Usage: " + help.usage + " [OPTIONS]";
  for (const OptionFacts& option : help.command.options) {
    if (option.names.empty()) line += " " + option.value;
  }
  return line + (help.command.commands.empty() ? "" : " COMMAND") + "\n";
}

std::string titled(const std::string& title, const std::string& part) {
  return part.empty() ? "" : "\n" + title + ":\n" + part;
}

std::string paragraphs(const std::string& text) {
  std::string out;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) out += wrap(line, 0, 0);
  return out.empty() ? "" : "\n" + out;
}

std::string example_lines(const std::string& example) {
  constexpr size_t kWidth = 75;  // and a backslash
  std::string out, rest = "  " + example;
  while (rest.size() > kWidth + 4) {
    const size_t cut = rest.rfind(' ', kWidth);
    if (cut == std::string::npos || cut <= 6) break;
    out += rest.substr(0, cut) + " \\\n";
    rest = "      " + rest.substr(cut + 1);
  }
  return out + rest + "\n";
}

}  // namespace

std::string wrap(std::string_view text, size_t indent, size_t at, size_t width) {
  std::string out;
  std::istringstream words{std::string(text)};
  size_t column = at;
  bool is_first = true;
  for (std::string word; words >> word; is_first = false) {
    const bool fits = column + (is_first ? 0 : 1) + word.size() <= width;
    if (!is_first) out += fits ? " " : "\n" + std::string(indent, ' ');
    column = fits ? column + (is_first ? 0 : 1) + word.size() : indent + word.size();
    out += word;
  }
  return out + "\n";
}

std::string to_string(const HelpText& help) {
  std::string examples;
  for (const std::string& example : help.examples) examples += example_lines(example);
  return wrap(help.command.text, 0, 0) + "\n" + usage_line(help) +
         titled("Arguments", options_part(help.command, false)) + titled("Options", options_part(help.command, true)) +
         titled("Commands", commands_part(help.command)) + paragraphs(help.notes) + titled("Examples", examples) +
         paragraphs(help.closing);
}

}  // namespace sshost::cli
