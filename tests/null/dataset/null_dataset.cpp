// The smallest data set: one black image of 8 x 8 pixels, all of one class.
#include <sshost/dataset.hpp>

#include <algorithm>

namespace {

class NullDataset final : public ss::Dataset {
 public:
  NullDataset(const ss::NoOptions&, const std::string&) : Dataset({{.name = "nothing"}}, 255) {
    set_samples({{.id = "0", .image_path = "", .label_path = ""}});
  }

  void read(int64_t, ss::Random&, ss::Sink& sink) const override {
    constexpr int64_t side = 8;
    std::fill_n(sink.image(side, side), side * side * 3, uint8_t{0});
    std::fill_n(sink.label(side, side), side * side, uint8_t{0});
  }
};

}  // namespace

SSHOST_PLUGIN("null_dataset", "1.0.0", ss::dataset<NullDataset, ss::NoOptions>("null", "one black image"))
