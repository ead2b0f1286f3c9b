// The parts of sshost._native. What a person calls is Python over it (python/sshost): here are the objects of
// sshost/api.hpp, the GIL, signals, and arrays.
//
// Threads: calls of the library run without the GIL. Callbacks of it take the GIL, on whatever thread they come.
#ifndef SSHOST_PYTHON_NATIVE_H
#define SSHOST_PYTHON_NATIVE_H

#include <nanobind/nanobind.h>

#include <cstdint>
#include <sshost/api.hpp>
#include <string>
#include <vector>

namespace sshost::python {

namespace nb = nanobind;

// The options of a call: `overrides` as "key=value". Log lines go to sshost._log.write(level, line).
Options make_options(const std::vector<std::string>& overrides, const std::vector<std::string>& plugins,
                     int64_t threads);

void add_errors(nb::module_& module);  // sshost.Error becomes sshost._errors.Error
void add_model(nb::module_& module);
void add_jobs(nb::module_& module);

// What Python gets of a result: (json, state, folder, checkpoint, step, finished).
nb::tuple to_python(const Result& result);

}  // namespace sshost::python

#endif  // SSHOST_PYTHON_NATIVE_H
