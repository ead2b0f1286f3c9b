#include "cli/completion.h"

#include <functional>

namespace sshost::cli {
namespace {

// Every command with the words that lead to it: "", "data", "data doctor".
void for_each(const CommandTree& command, const std::string& path,
              const std::function<void(const std::string& path, const CommandTree& command)>& use) {
  use(path, command);
  for (const CommandTree& below : command.commands) {
    for_each(below, path.empty() ? below.name : path + " " + below.name, use);
  }
}

// In single quotes, for any of the shells.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

std::string joined(const std::vector<std::string>& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string commands_of(const CommandTree& command) {
  std::vector<std::string> names;
  for (const CommandTree& below : command.commands) names.push_back(below.name);
  return joined(names);
}

std::string options_of(const CommandTree& command) {
  std::vector<std::string> names;
  for (const OptionFacts& option : command.options) names.insert(names.end(), option.names.begin(), option.names.end());
  return joined(names);
}

// Where the words so far have led: the names of commands, as far as there are any.
std::string bash_script(const CommandTree& program) {
  std::string cases, paths;
  for_each(program, "", [&](const std::string& path, const CommandTree& command) {
    cases += "    " + quoted(path) + ") commands=" + quoted(commands_of(command)) +
             " options=" + quoted(options_of(command)) + " ;;\n";
    if (!path.empty()) paths += (paths.empty() ? "" : "|") + quoted(path);
  });
  const std::string name = program.name;
  return "# bash completion of " + name + ": source it, or put it into bash-completion's folder.\n_" + name +
         R"(() {
  local current=${COMP_WORDS[COMP_CWORD]} path='' commands='' options='' word
  for word in "${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "${path:+$path }$word" in
    )" + paths +
         R"() path="${path:+$path }$word" ;;
    esac
  done
  case "$path" in
)" + cases +
         R"(  esac
  [[ $current == -* ]] && commands=$options
  COMPREPLY=($(compgen -W "$commands" -- "$current"))
}
complete -o default -F _)" +
         name + " " + name + "\n";
}

// 'name:text', where a colon ends the name.
std::string zsh_item(const std::string& name, const std::string& text) {
  std::string plain;
  for (const char c : name) plain += c == ':' ? "\\:" : std::string(1, c);
  return " " + quoted(plain + ":" + text);
}

std::string zsh_script(const CommandTree& program) {
  std::string cases, paths;
  for_each(program, "", [&](const std::string& path, const CommandTree& command) {
    std::string commands, options;
    for (const CommandTree& below : command.commands) commands += zsh_item(below.name, below.text);
    for (const OptionFacts& option : command.options) {
      for (const std::string& name : option.names) options += zsh_item(name, option.text);
    }
    cases += "    " + quoted(path) + ") commands=(" + commands + " ) options=(" + options + " ) ;;\n";
    if (!path.empty()) paths += (paths.empty() ? "" : "|") + quoted(path);
  });
  const std::string name = program.name;
  return "#compdef " + name + "\n# zsh completion of " + name + ": put it as _" + name +
         " into a folder of $fpath.\n_" + name + R"(() {
  local at='' word
  local -a commands options
  for word in "${(@)words[2,CURRENT-1]}"; do
    case "${at:+$at }$word" in
    ()" + paths +
         R"() at="${at:+$at }$word" ;;
    esac
  done
  case "$at" in
)" + cases +
         R"(  esac
  if [[ $PREFIX == -* ]]; then
    _describe option options
  elif (( $#commands )); then
    _describe command commands
  else
    _files
  fi
}
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then _)" +
         name + " \"$@\"; else compdef _" + name + " " + name + "; fi\n";
}

// fish's `complete` for what may stand where the words so far are exactly these commands.
std::string fish_lines(const std::string& program, const std::string& path, const CommandTree& command) {
  const std::string head = "complete -c " + program + " -n " + quoted("__" + program + "_at " + quoted(path)) + " ";
  std::string out;
  for (const CommandTree& below : command.commands) {
    out += head + "-f -a " + below.name + " -d " + quoted(below.text) + "\n";
  }
  for (const OptionFacts& option : command.options) {
    if (option.names.empty()) continue;
    out += head;
    for (const std::string& name : option.names) {
      out += name.starts_with("--") ? "-l " + name.substr(2) + " " : "-s " + name.substr(1) + " ";
    }
    out += (option.value.empty() ? "" : "-r ") + ("-d " + quoted(option.text)) + "\n";
  }
  return out;
}

std::string fish_script(const CommandTree& program) {
  std::string paths, lines;
  for_each(program, "", [&](const std::string& path, const CommandTree& command) {
    if (!path.empty()) paths += " " + quoted(path);
    lines += fish_lines(program.name, path, command);
  });
  const std::string name = program.name;
  return "# fish completion of " + name + ": put it as " + name +
         ".fish into ~/.config/fish/completions.\nfunction __" + name + R"(_at
  set -l at ''
  for word in (commandline -opc)[2..-1]
    set -l further (string trim -- "$at $word")
    contains -- $further)" +
         paths + R"(; and set at $further
  end
  test "$at" = "$argv[1]"
end
)" + lines;
}

}  // namespace

const std::vector<std::string>& completion_shells() {
  static const std::vector<std::string> shells = {"bash", "zsh", "fish"};
  return shells;
}

std::string completion_script(const CommandTree& program, std::string_view shell) {
  if (shell == "bash") return bash_script(program);
  if (shell == "zsh") return zsh_script(program);
  return fish_script(program);
}

}  // namespace sshost::cli
