// The smallest transform: it leaves everything as it is.
#include <sshost/transform.hpp>

namespace {

class NullTransform final : public ss::Transform {
 public:
  static constexpr bool evaluates = true;

  explicit NullTransform(const ss::TransformSpec&) {}
  void apply(const ss::Maps&, ss::Random&, ss::NewMaps&) const override {}
};

}  // namespace

SSHOST_PLUGIN("null_transform", "1.0.0", ss::transform<NullTransform>("null", "leaves everything as it is"))
