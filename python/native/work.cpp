#include "work.h"

#include <chrono>
#include <future>
#include <optional>

namespace sshost::python {
namespace {

// Work that runs, for as long as the caller waits for it.
struct Work {
  nb::object progress;
  Cancel& cancel;
  std::optional<nb::python_error> failure = std::nullopt;  // the first; read and written with the GIL

  void stop_for(nb::python_error error) {
    if (!failure) failure.emplace(std::move(error));
    cancel.request();
  }
};

thread_local Work* current = nullptr;

class Current {
 public:
  explicit Current(Work& work) : before_(current) { current = &work; }
  ~Current() { current = before_; }
  Current(const Current&) = delete;
  Current& operator=(const Current&) = delete;

 private:
  Work* before_;
};

bool is_main_thread() {
  const nb::module_ threading = nb::module_::import_("threading");
  return threading.attr("current_thread")().is(threading.attr("main_thread")());
}

void look_at_signals(Work& work) {
  const nb::gil_scoped_acquire acquire;
  if (PyErr_CheckSignals() != 0) work.stop_for(nb::python_error());
}

// Without the GIL.
Result run_beside_signals(Work& work, const std::function<Result()>& body) {
  std::future<Result> result = std::async(std::launch::async, [&] {
    const Current scope(work);
    return body();
  });
  while (result.wait_for(std::chrono::milliseconds(50)) != std::future_status::ready) look_at_signals(work);
  return result.get();
}

Result run(Work& work, const std::function<Result()>& body) {
  const bool hears_signals = is_main_thread();
  const nb::gil_scoped_release release;
  if (hears_signals) return run_beside_signals(work, body);
  const Current scope(work);
  return body();
}

}  // namespace

Result work_with(nb::object progress, Cancel& cancel, const std::function<Result()>& body) {
  Work work{std::move(progress), cancel};
  Result result;
  try {
    result = run(work, body);
  } catch (const Error&) {
    if (!work.failure) throw;
  }
  if (work.failure) throw nb::python_error(std::move(*work.failure));
  return result;
}

void tell_progress(const sshost_progress& now) {
  Work* work = current;
  if (work == nullptr) return;
  const nb::gil_scoped_acquire acquire;
  if (work->progress.is_none()) return;
  try {
    work->progress(static_cast<int>(now.phase), now.step, now.steps, now.loss, now.learning_rate, now.epoch, now.epochs,
                   now.seconds);
  } catch (nb::python_error& error) {
    work->stop_for(std::move(error));
  }
}

}  // namespace sshost::python
