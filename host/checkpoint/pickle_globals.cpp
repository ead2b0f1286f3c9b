#include "checkpoint/pickle_globals.h"

#include <algorithm>
#include <array>

namespace sshost::checkpoint {
namespace {

// By the first part of a module's name.
constexpr std::array<std::string_view, 58> kHostileRoots = {
    "os",        "posix",    "posixpath",        "nt",         "ntpath",    "subprocess",
    "sys",       "shutil",   "socket",           "ssl",        "importlib", "imp",
    "runpy",     "pty",      "ctypes",           "_ctypes",    "code",      "codeop",
    "commands",  "platform", "webbrowser",       "timeit",     "trace",     "pdb",
    "bdb",       "profile",  "cProfile",         "pickle",     "_pickle",   "cPickle",
    "marshal",   "asyncio",  "_posixsubprocess", "signal",     "inspect",   "tempfile",
    "http",      "urllib",   "urllib2",          "requests",   "httplib",   "ftplib",
    "telnetlib", "smtplib",  "sqlite3",          "pip",        "pydoc",     "doctest",
    "zipimport", "pkgutil",  "multiprocessing",  "types",      "io",        "_io",
    "distutils", "dill",     "joblib",           "cloudpickle"};

constexpr std::array<std::string_view, 3> kBuiltins = {"builtins", "__builtin__", "__builtins__"};

// All other builtins could do harm, but for exceptions. What getattr would give is looked at where it is called.
constexpr std::array<std::string_view, 35> kHarmlessBuiltins = {"set",
                                                                "frozenset",
                                                                "dict",
                                                                "list",
                                                                "tuple",
                                                                "int",
                                                                "long",
                                                                "float",
                                                                "complex",
                                                                "bool",
                                                                "str",
                                                                "unicode",
                                                                "bytes",
                                                                "slice",
                                                                "range",
                                                                "xrange",
                                                                "NotImplemented",
                                                                "object",
                                                                "type",
                                                                "getattr",
                                                                "bytearray",
                                                                "Ellipsis",
                                                                "abs",
                                                                "all",
                                                                "any",
                                                                "len",
                                                                "max",
                                                                "min",
                                                                "round",
                                                                "sum",
                                                                "sorted",
                                                                "reversed",
                                                                "zip",
                                                                "print",
                                                                "enumerate"};

// Of modules that are hostile else: they only hold values.
constexpr std::array<std::string_view, 5> kHarmlessNames = {"types.SimpleNamespace", "io.BytesIO", "io.StringIO",
                                                            "_io.BytesIO", "_io.StringIO"};

constexpr std::array<std::string_view, 10> kHostileNames = {"torch.load",
                                                            "torch.hub.load",
                                                            "torch.serialization.load",
                                                            "torch.jit.load",
                                                            "numpy.load",
                                                            "operator.attrgetter",
                                                            "operator.methodcaller",
                                                            "functools.reduce",
                                                            "numpy.testing.runstring",
                                                            "numpy.testing._private.utils.runstring"};

template <size_t n>
bool holds(const std::array<std::string_view, n>& list, std::string_view text) {
  return std::find(list.begin(), list.end(), text) != list.end();
}

bool is_full_name(std::string_view listed, std::string_view module, std::string_view name) {
  return listed.size() == module.size() + 1 + name.size() && listed.starts_with(module) && listed.ends_with(name);
}

bool is_exception(std::string_view name) {
  return name.ends_with("Error") || name.ends_with("Exception") || name.ends_with("Warning");
}

// A dotted name reaches through a module's own imports, such as torch's `os.system`.
bool reaches_through_hostile(std::string_view name) {
  for (size_t dot = name.find('.'); dot != std::string_view::npos; dot = name.find('.')) {
    const std::string_view part = name.substr(0, dot);
    if (holds(kHostileRoots, part) || holds(kBuiltins, part)) return true;
    name.remove_prefix(dot + 1);
  }
  return false;
}

}  // namespace

bool is_getattr(std::string_view global) {
  return std::any_of(kBuiltins.begin(), kBuiltins.end(),
                     [&](std::string_view module) { return is_full_name(global, module, "getattr"); });
}

bool is_hostile_global(std::string_view module, std::string_view name) {
  if (reaches_through_hostile(name)) return true;
  if (holds(kBuiltins, module)) return !holds(kHarmlessBuiltins, name) && !is_exception(name);
  const bool is_harmless = std::any_of(kHarmlessNames.begin(), kHarmlessNames.end(),
                                       [&](std::string_view listed) { return is_full_name(listed, module, name); });
  if (is_harmless) return false;
  if (holds(kHostileRoots, module.substr(0, module.find('.')))) return true;
  return std::any_of(kHostileNames.begin(), kHostileNames.end(),
                     [&](std::string_view listed) { return is_full_name(listed, module, name); });
}

}  // namespace sshost::checkpoint
