#include "native.h"

NB_MODULE(_native, module) {
  sshost::python::add_errors(module);
  sshost::python::add_model(module);
  sshost::python::add_jobs(module);
}
