// The smallest head: the last feature is the representation.
#include <sshost/head.hpp>

namespace {

class NullHead final : public ss::Head {
 public:
  NullHead(ss::Builder& build, const ss::HeadSpec& in)
      : Head(build, in, {.channels = in.features.back().channels, .dropout = 0}) {}

  ss::Tensor embed(ss::Context&, ss::Features features) const override { return features.back(); }
};

}  // namespace

SSHOST_PLUGIN("null_head", "1.0.0", ss::head<NullHead>("null", "a classifier of the last feature"))
