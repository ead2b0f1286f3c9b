#include <nanobind/stl/string.h>
#include <nanobind/stl/vector.h>

#include <optional>

#include "native.h"
#include "pixels.h"
#include "work.h"

namespace sshost::python {
namespace {

// A model that is open. Freed without the GIL: another thread's log line may wait for it.
class OpenModel {
 public:
  OpenModel(const std::string& path, const std::vector<std::string>& overrides, const std::vector<std::string>& plugins,
            int64_t threads) {
    const Options options = make_options(overrides, plugins, threads);
    const nb::gil_scoped_release release;
    model_.emplace(path, options);
  }
  ~OpenModel() {
    const nb::gil_scoped_release release;
    model_.reset();
  }
  OpenModel(const OpenModel&) = delete;
  OpenModel& operator=(const OpenModel&) = delete;

  const Model& model() const { return *model_; }

  nb::object predict(const Pixels& pixels, bool channels_first, bool is_bgr, int values, bool as_tensor) const {
    const ImageView view(pixels, channels_first, is_bgr);
    auto map = std::make_unique<Map>(static_cast<sshost_values>(values));
    {
      const nb::gil_scoped_release release;
      model_->predict_into(view.image(), *map->get());
    }
    return as_tensor ? array_of<nb::pytorch>(std::move(map)) : array_of<nb::numpy>(std::move(map));
  }

  nb::tuple evaluate(const std::string& split, const nb::object& progress, Cancel& cancel) const {
    return to_python(work_with(progress, cancel, [&] { return model_->evaluate(split, &cancel); }));
  }

  std::vector<std::string> classes() const {
    std::vector<std::string> names;
    for (int64_t i = 0; i < model_->class_count(); ++i) names.push_back(model_->class_name(i));
    return names;
  }

  std::vector<uint32_t> colors() const {
    std::vector<uint32_t> colors;
    for (int64_t i = 0; i < model_->class_count(); ++i) colors.push_back(model_->class_color(i));
    return colors;
  }

 private:
  // The map's memory, which the array owns from then on.
  template <typename Framework>
  static nb::object array_of(std::unique_ptr<Map> map) {
    const sshost_values values = map->get()->values;
    const nb::dlpack::dtype type = values == SSHOST_CLASSES_U8    ? nb::dtype<uint8_t>()
                                   : values == SSHOST_CLASSES_I32 ? nb::dtype<int32_t>()
                                                                  : nb::dtype<float>();
    const bool is_mask = values == SSHOST_CLASSES_U8 || values == SSHOST_CLASSES_I32;
    const std::vector<size_t> shape = {static_cast<size_t>(map->channels()), static_cast<size_t>(map->height()),
                                       static_cast<size_t>(map->width())};
    void* data = map->get()->data;
    const nb::capsule owner(map.release(), [](void* owned) noexcept { delete static_cast<Map*>(owned); });
    return nb::cast(
        nb::ndarray<Framework>(data, is_mask ? 2 : 3, shape.data() + (is_mask ? 1 : 0), owner, nullptr, type));
  }

  std::optional<Model> model_;
};

}  // namespace

void add_model(nb::module_& module) {
  module.def(
      "lies_as_the_library_reads_it",
      [](const Pixels& pixels, bool channels_first, bool is_bgr) {
        return !ImageView(pixels, channels_first, is_bgr).is_copy();
      },
      nb::arg("pixels"), nb::arg("channels_first"), nb::arg("is_bgr"));
  nb::class_<OpenModel>(module, "OpenModel")
      .def(nb::init<const std::string&, const std::vector<std::string>&, const std::vector<std::string>&, int64_t>(),
           nb::arg("path"), nb::arg("overrides"), nb::arg("plugins"), nb::arg("threads"))
      .def("predict", &OpenModel::predict, nb::arg("pixels"), nb::arg("channels_first"), nb::arg("is_bgr"),
           nb::arg("values"), nb::arg("as_tensor"))
      .def("evaluate", &OpenModel::evaluate, nb::arg("split"), nb::arg("progress").none(), nb::arg("cancel"))
      .def_prop_ro("classes", &OpenModel::classes)
      .def_prop_ro("colors", &OpenModel::colors)
      .def_prop_ro("pipeline", [](const OpenModel& open) { return open.model().pipeline(); });
}

}  // namespace sshost::python
