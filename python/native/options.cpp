#include "native.h"
#include "work.h"

namespace sshost::python {
namespace {

// On any thread of the library.
void write_log(sshost_log_level level, std::string_view line) {
  if (!nb::is_alive()) return;
  const nb::gil_scoped_acquire acquire;
  try {
    nb::module_::import_("sshost._log").attr("write")(static_cast<int>(level), nb::str(line.data(), line.size()));
  } catch (nb::python_error& error) {
    error.discard_as_unraisable("sshost's log");
  }
}

}  // namespace

Options make_options(const std::vector<std::string>& overrides, const std::vector<std::string>& plugins,
                     int64_t threads) {
  Options options;
  for (const std::string& text : overrides) {
    const size_t equals = text.find('=');
    options.set(text.substr(0, equals), text.substr(equals + 1));
  }
  for (const std::string& path : plugins) options.plugins(path);
  options.threads(threads).log(write_log).progress(tell_progress);
  return options;
}

}  // namespace sshost::python
