// A head whose library leaves a mark as soon as it is loaded: an empty file at SSHOST_TEST_CANARY.
#include <fcntl.h>
#include <unistd.h>

#include <sshost/head.hpp>

#include <cstdlib>

namespace {

[[gnu::constructor]] void leave_a_mark() {
  if (const char* file = std::getenv("SSHOST_TEST_CANARY")) close(open(file, O_WRONLY | O_CREAT, 0600));
}

struct Options {
  static ss::Schema<Options> schema() { return {}; }
};

class CanaryHead final : public ss::Head {
 public:
  CanaryHead(ss::Builder& build, const Options&, const ss::HeadSpec& in)
      : Head(build, in, {.channels = in.features.back().channels, .dropout = 0}) {}

  ss::Tensor embed(ss::Context&, ss::Features features) const override { return features.back(); }
};

}  // namespace

SSHOST_PLUGIN("canary_head", "1.0.0", ss::head<CanaryHead, Options>("canary", "tells that it was loaded"))
