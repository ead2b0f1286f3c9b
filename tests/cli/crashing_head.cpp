// A head that ends the process, in the way that its option says.
#include <sshost/head.hpp>

#include <cstdlib>

namespace {

struct Options {
  std::string how = "segfault";
  static ss::Schema<Options> schema() {
    return {{"how", &Options::how, "does it crash", ss::choices({"segfault", "abort"})}};
  }
};

class CrashingHead final : public ss::Head {
 public:
  CrashingHead(ss::Builder& build, const Options& options, const ss::HeadSpec& in)
      : Head(build, in, {.channels = in.features.back().channels, .dropout = 0}), aborts_(options.how == "abort") {}

  ss::Tensor embed(ss::Context&, ss::Features) const override {
    if (aborts_) std::abort();
    volatile int* nowhere = nullptr;
    *nowhere = 1;
    return {};
  }

 private:
  bool aborts_;
};

}  // namespace

SSHOST_PLUGIN("crashing_head", "1.0.0", ss::head<CrashingHead, Options>("crashing", "ends the process"))
