// The host as a C++17 library, over sshost/api.h: objects that free themselves, and exceptions. Header-only; link
// sshost::api (find_package(sshost COMPONENTS api)).
//
//     sshost::Model model("model.safetensors");
//     sshost::Map classes = model.predict(sshost::Image::bgr(mat.data, mat.rows, mat.cols, mat.step));
//     uint8_t first = classes.at<uint8_t>(0, 0);
//     double mean_iou = sshost::run("pipeline.yaml").mean_iou();
//
// Threads and lifetimes are those of sshost/api.h. A moved-from object may only be destroyed or assigned to.
#ifndef SSHOST_API_HPP
#define SSHOST_API_HPP

#include <sshost/api.h>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <new>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sshost {

class Error : public std::runtime_error {
 public:
  Error(sshost_code code, const std::string& message) : std::runtime_error(message), code_(code) {}
  sshost_code code() const noexcept { return code_; }

 private:
  sshost_code code_;
};

namespace detail {

// Throws Error, or std::bad_alloc for SSHOST_OUT_OF_MEMORY, and frees `error`.
[[noreturn]] inline void raise(sshost_error* error) {
  const std::unique_ptr<sshost_error, decltype(&sshost_error_free)> owned(error, sshost_error_free);
  if (sshost_error_code(error) == SSHOST_OUT_OF_MEMORY) throw std::bad_alloc();
  throw Error(sshost_error_code(error), sshost_error_message(error));
}

inline std::string text_or_empty(const char* text) { return text == nullptr ? "" : text; }

template <typename T, void (*release)(T*)>
struct Release {
  void operator()(T* object) const noexcept { release(object); }
};

}  // namespace detail

// Asks calls to be left early, from any thread.
class Cancel {
 public:
  Cancel() : cancel_(sshost_cancel_create()) {
    if (!cancel_) throw std::bad_alloc();
  }
  void request() noexcept { sshost_cancel_request(cancel_.get()); }
  void reset() noexcept { sshost_cancel_reset(cancel_.get()); }
  const sshost_cancel* get() const noexcept { return cancel_.get(); }

 private:
  std::unique_ptr<sshost_cancel, detail::Release<sshost_cancel, sshost_cancel_free>> cancel_;
};

// How a model is opened, or a pipeline run; see the setters of sshost_options. Calls can be chained.
class Options {
 public:
  using Log = std::function<void(sshost_log_level, std::string_view line)>;
  using Progress = std::function<void(const sshost_progress&)>;

  Options() : options_(sshost_options_create()) {
    if (!options_) throw std::bad_alloc();
  }
  Options& set(const std::string& key, const std::string& value) {
    return check(sshost_options_add_override(options_.get(), (key + "=" + value).c_str()));
  }
  Options& plugins(const std::string& path) { return check(sshost_options_add_plugins(options_.get(), path.c_str())); }
  Options& threads(int64_t count) { return check(sshost_options_set_threads(options_.get(), count)); }

  // `log` is kept by what is opened with these options. It must not throw.
  Options& log(Log log) {
    log_ = std::make_shared<Log>(std::move(log));
    sshost_options_set_log(options_.get(), call_log, log_.get());
    return *this;
  }

  // Likewise.
  Options& progress(Progress progress) {
    progress_ = std::make_shared<Progress>(std::move(progress));
    sshost_options_set_progress(options_.get(), call_progress, progress_.get());
    return *this;
  }

  const sshost_options* get() const noexcept { return options_.get(); }
  const std::shared_ptr<Log>& log_function() const noexcept { return log_; }
  const std::shared_ptr<Progress>& progress_function() const noexcept { return progress_; }

 private:
  static void call_log(void* log, sshost_log_level level, const char* line) { (*static_cast<Log*>(log))(level, line); }
  static void call_progress(void* told, const sshost_progress* progress) { (*static_cast<Progress*>(told))(*progress); }
  Options& check(sshost_code code) {
    if (code == SSHOST_OUT_OF_MEMORY) throw std::bad_alloc();
    if (code != SSHOST_OK) throw Error(code, "sshost::Options: the value cannot be taken");
    return *this;
  }

  std::unique_ptr<sshost_options, detail::Release<sshost_options, sshost_options_free>> options_;
  std::shared_ptr<Log> log_;
  std::shared_ptr<Progress> progress_;
};

// What a run, an evaluation, a validation or an import gave (sshost_result). Movable.
class Result {
 public:
  explicit Result(sshost_result* result = nullptr) noexcept : result_(result) {}

  // False of a run that was cancelled and has saved where it was.
  bool finished() const noexcept { return finished_; }

  std::string json() const { return detail::text_or_empty(sshost_result_json(result_.get())); }
  std::string state() const { return detail::text_or_empty(sshost_result_state(result_.get())); }
  std::string folder() const { return detail::text_or_empty(sshost_result_folder(result_.get())); }
  std::string checkpoint() const { return detail::text_or_empty(sshost_result_checkpoint(result_.get())); }
  int64_t step() const noexcept { return sshost_result_step(result_.get()); }

  sshost_scores scores() const noexcept {
    sshost_scores scores = {};
    scores.size = sizeof scores;
    sshost_result_scores(result_.get(), &scores);
    return scores;
  }
  double mean_iou() const noexcept { return scores().mean_iou; }
  int64_t class_count() const noexcept { return sshost_result_class_count(result_.get()); }
  std::string class_name(int64_t index) const {
    const char* name = sshost_result_class_name(result_.get(), index);
    if (name == nullptr) throw std::out_of_range("sshost::Result::class_name");
    return name;
  }
  double class_iou(int64_t index) const noexcept { return sshost_result_class_iou(result_.get(), index); }

 private:
  friend Result run(const std::string&, const Options&, const Cancel*);

  std::unique_ptr<sshost_result, detail::Release<sshost_result, sshost_result_free>> result_;
  bool finished_ = true;
};

namespace detail {

inline const sshost_cancel* token_of(const Cancel* cancel) noexcept {
  return cancel == nullptr ? nullptr : cancel->get();
}

// Calls a function that gives a code, a result and an error.
template <typename Call>
Result result_of(Call call) {
  sshost_result* result = nullptr;
  sshost_error* error = nullptr;
  if (call(&result, &error) != SSHOST_OK) raise(error);
  return Result(result);
}

}  // namespace detail

// As `sshost run`: see sshost_run. Where it is cancelled behind its beginning, the result is not `finished`; before, it
// throws Error with SSHOST_CANCELLED.
inline Result run(const std::string& path, const Options& options = {}, const Cancel* cancel = nullptr) {
  sshost_result* given = nullptr;
  sshost_error* error = nullptr;
  const sshost_code code = sshost_run(path.c_str(), options.get(), detail::token_of(cancel), &given, &error);
  Result result(given);
  result.finished_ = code == SSHOST_OK;
  if (code != SSHOST_OK && given == nullptr) detail::raise(error);
  sshost_error_free(error);
  return result;
}

// As `sshost validate`: throws Error with every mistake.
inline Result validate(const std::string& path, const Options& options = {}) {
  return detail::result_of([&](sshost_result** result, sshost_error** error) {
    return sshost_validate(path.c_str(), options.get(), result, error);
  });
}

// As `sshost weights import` for the pipeline at `path`. `import.size` need not be set.
inline Result import_weights(const std::string& path, sshost_import import, const Options& options = {}) {
  import.size = sizeof import;
  return detail::result_of([&](sshost_result** result, sshost_error** error) {
    return sshost_import_weights(path.c_str(), &import, options.get(), result, error);
  });
}

// As `sshost plugins list`: the JSON holds `components` and `refused`.
inline Result list_plugins(const Options& options = {}) {
  return detail::result_of(
      [&](sshost_result** result, sshost_error** error) { return sshost_list_plugins(options.get(), result, error); });
}

// Pixels of the caller, which stay valid while they are predicted. `row_stride` in bytes; 0: no gap between rows.
class Image {
 public:
  Image(sshost_pixels pixels, const void* data, int64_t height, int64_t width, int64_t row_stride = 0) noexcept
      : image_{sizeof(sshost_image), pixels, data, height, width, row_stride} {}
  static Image rgb(const void* data, int64_t height, int64_t width, int64_t row_stride = 0) noexcept {
    return {SSHOST_RGB8, data, height, width, row_stride};
  }
  static Image bgr(const void* data, int64_t height, int64_t width, int64_t row_stride = 0) noexcept {
    return {SSHOST_BGR8, data, height, width, row_stride};
  }
  const sshost_image* get() const noexcept { return &image_; }

 private:
  sshost_image image_;
};

// What a prediction gave, [channels, height, width] without gaps. Owns its memory.
class Map {
 public:
  explicit Map(sshost_values values) noexcept : map_{sizeof(sshost_map), values, nullptr, 0, 0, 0, 0, nullptr} {}
  Map(Map&& other) noexcept : map_(other.map_) { other.map_ = Map(map_.values).map_; }
  Map& operator=(Map&& other) noexcept {
    std::swap(map_, other.map_);
    return *this;
  }
  ~Map() { sshost_map_release(&map_); }

  int64_t channels() const noexcept { return map_.channels; }
  int64_t height() const noexcept { return map_.height; }
  int64_t width() const noexcept { return map_.width; }
  const void* data() const noexcept { return map_.data; }

  // T is what the values are: uint8_t, int32_t or float. Not checked.
  template <typename T>
  const T& at(int64_t row, int64_t column, int64_t channel = 0) const noexcept {
    return static_cast<const T*>(map_.data)[(channel * map_.height + row) * map_.width + column];
  }
  sshost_map* get() noexcept { return &map_; }

 private:
  sshost_map map_;
};

// A model with its weights. Movable; `predict` may run on several threads.
class Model {
 public:
  // A checkpoint (.safetensors) or a pipeline (.yaml).
  explicit Model(const std::string& path, const Options& options = {})
      : log_(options.log_function()), progress_(options.progress_function()) {
    sshost_error* error = nullptr;
    model_.reset(sshost_model_open(path.c_str(), options.get(), &error));
    if (!model_) detail::raise(error);
  }

  int64_t class_count() const noexcept { return sshost_model_class_count(model_.get()); }
  std::string class_name(int64_t index) const {
    const char* name = sshost_model_class_name(model_.get(), index);
    if (name == nullptr) throw std::out_of_range("sshost::Model::class_name");
    return name;
  }
  uint32_t class_color(int64_t index) const noexcept { return sshost_model_class_color(model_.get(), index); }
  std::string pipeline() const { return sshost_model_pipeline(model_.get()); }

  Map predict(const Image& image, sshost_values values = SSHOST_CLASSES_U8, const Cancel* cancel = nullptr) const {
    Map map(values);
    predict_into(image, *map.get(), cancel);
    return map;
  }

  // Into a map that the caller has filled in, with a buffer of its own or without.
  void predict_into(const Image& image, sshost_map& map, const Cancel* cancel = nullptr) const {
    sshost_error* error = nullptr;
    const sshost_cancel* token = detail::token_of(cancel);
    if (sshost_predict(model_.get(), image.get(), 1, &map, token, &error) != SSHOST_OK) detail::raise(error);
  }

  // On a split of the pipeline's data set; empty: the one that the pipeline evaluates.
  Result evaluate(const std::string& split = "", const Cancel* cancel = nullptr) const {
    return detail::result_of([&](sshost_result** result, sshost_error** error) {
      const char* which = split.empty() ? nullptr : split.c_str();
      return sshost_evaluate(model_.get(), which, detail::token_of(cancel), result, error);
    });
  }

 private:
  std::shared_ptr<Options::Log> log_;  // outlives the model, as the next
  std::shared_ptr<Options::Progress> progress_;
  std::unique_ptr<sshost_model, detail::Release<sshost_model, sshost_model_close>> model_;
};

}  // namespace sshost

#endif  // SSHOST_API_HPP
