#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>

#include "native.h"
#include "work.h"

namespace sshost::python {
namespace {

using Words = std::vector<std::string>;
using MaybeText = std::optional<std::string>;

nb::tuple run_pipeline(const std::string& path, const Words& overrides, const Words& plugins, int64_t threads,
                       const nb::object& progress, Cancel& cancel) {
  const Options options = make_options(overrides, plugins, threads);
  return to_python(work_with(progress, cancel, [&] { return run(path, options, &cancel); }));
}

nb::tuple validate_pipeline(const std::string& path, const Words& overrides, const Words& plugins) {
  const Options options = make_options(overrides, plugins, 0);
  Cancel none;
  return to_python(work_with(nb::none(), none, [&] { return validate(path, options); }));
}

const char* text_of(const MaybeText& text) { return text ? text->c_str() : nullptr; }

nb::tuple import_named_weights(const std::string& path, const Words& overrides, const Words& plugins,
                               const std::string& weights, const std::string& target, const MaybeText& component,
                               const MaybeText& format, const MaybeText& part, const MaybeText& prefix, int64_t classes,
                               bool skip_classifier, bool adapt_input) {
  const Options options = make_options(overrides, plugins, 0);
  sshost_import import = {};
  import.weights = weights.c_str();
  import.target = target.c_str();
  import.component = text_of(component);
  import.format = text_of(format);
  import.part = text_of(part);
  import.prefix = text_of(prefix);
  import.classes = classes;
  import.skip_classifier = skip_classifier ? 1 : 0;
  import.adapt_input = adapt_input ? 1 : 0;
  Cancel none;
  return to_python(work_with(nb::none(), none, [&] { return import_weights(path, import, options); }));
}

std::string plugin_list(const Words& plugins) {
  const Options options = make_options({}, plugins, 0);
  const nb::gil_scoped_release release;
  return list_plugins(options).json();
}

}  // namespace

nb::tuple to_python(const Result& result) {
  return nb::make_tuple(result.json(), result.state(), result.folder(), result.checkpoint(), result.step(),
                        result.finished());
}

void add_jobs(nb::module_& module) {
  nb::class_<Cancel>(module, "Cancel",
                     "Asks for a run or an evaluation to be left early, from any thread; one object may serve several.")
      .def(nb::init<>())
      .def("request", &Cancel::request, "From now on work that was given this object stops at the next step or image.")
      .def("reset", &Cancel::reset, "Takes the request back, so that the object can be used again.");
  module.def("run", &run_pipeline, nb::arg("path"), nb::arg("overrides"), nb::arg("plugins"), nb::arg("threads"),
             nb::arg("progress").none(), nb::arg("cancel"));
  module.def("validate", &validate_pipeline, nb::arg("path"), nb::arg("overrides"), nb::arg("plugins"));
  module.def("import_weights", &import_named_weights, nb::arg("path"), nb::arg("overrides"), nb::arg("plugins"),
             nb::arg("weights"), nb::arg("target"), nb::arg("component").none(), nb::arg("format").none(),
             nb::arg("part").none(), nb::arg("prefix").none(), nb::arg("classes"), nb::arg("skip_classifier"),
             nb::arg("adapt_input"));
  module.def("plugins", &plugin_list, nb::arg("plugins"));
  module.def("version", [] { return std::string(sshost_version()); });
}

}  // namespace sshost::python
