// A head that waits for whoever writes into a FIFO.
#include <sshost/head.hpp>

#include <fstream>

namespace {

struct Options {
  std::string fifo;
  static ss::Schema<Options> schema() { return {{"fifo", &Options::fifo, "what it waits for", ss::required()}}; }
};

class WaitingHead final : public ss::Head {
 public:
  WaitingHead(ss::Builder& build, const Options& options, const ss::HeadSpec& in)
      : Head(build, in, {.channels = in.features.back().channels, .dropout = 0}) {
    std::ifstream(options.fifo).get();
  }

  ss::Tensor embed(ss::Context&, ss::Features features) const override { return features.back(); }
};

}  // namespace

SSHOST_PLUGIN("waiting_head", "1.0.0", ss::head<WaitingHead, Options>("waiting", "waits while it is made"))
