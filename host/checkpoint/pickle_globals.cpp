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

// All other builtins could do harm.
constexpr std::array<std::string_view, 20> kHarmlessBuiltins = {
    "set", "frozenset", "dict",  "list",      "tuple", "int",   "long",   "float",    "complex",        "bool",
    "str", "unicode",   "bytes", "bytearray", "slice", "range", "xrange", "Ellipsis", "NotImplemented", "object"};

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

}  // namespace

bool is_hostile_global(std::string_view module, std::string_view name) {
  // A dotted name reaches through a module's own imports, such as torch's `os.system`.
  const std::string_view first = name.substr(0, name.find('.'));
  if (first.size() < name.size() && holds(kHostileRoots, first)) return true;
  if (holds(kBuiltins, module)) return !holds(kHarmlessBuiltins, name);
  if (holds(kHostileRoots, module.substr(0, module.find('.')))) return true;
  return std::any_of(kHostileNames.begin(), kHostileNames.end(),
                     [&](std::string_view listed) { return is_full_name(listed, module, name); });
}

}  // namespace sshost::checkpoint
