// A loss, the mean of -log p, that breaks the contract in one way, or in none.
#include <atomic>
#include <cstdlib>
#include <stdexcept>
#include <string>

#include <sshost/loss.hpp>

namespace {

struct Options {
  std::string fault = "none";
  static ss::Schema<Options> schema() { return {{"fault", &Options::fault, "what it does wrong"}}; }
};

class FaultyLoss final : public ss::Loss {
 public:
  FaultyLoss(const Options& options, const ss::LossSpec& spec) : Loss(ss::Divisor::pixels), fault_(options.fault) {
    if (spec.independent) throw ss::Error("it is for exclusive outputs", SS_UNSUPPORTED);
    if (has("knows_nothing")) throw ss::Error("nor for others", SS_UNSUPPORTED);
  }

  ss::Tensor compute(ss::Context&, const ss::LossInputs& in) const override {
    if (has("throw")) throw std::runtime_error("no luck in compute");
    const ss::Tensor known = in.known();
    const ss::Tensor labels = ss::clamp_min(in.labels, 0);
    const ss::Tensor log_p = has("unstable") ? ss::log(ss::softmax(in.logits, 1)) : ss::log_softmax(in.logits, 1);
    const ss::Tensor own = ss::squeeze(ss::gather(log_p, 1, ss::unsqueeze(labels, 1)), 1);
    const ss::Tensor sum = -ss::sum(has("counts_ignored") ? own : own * known);
    if (has("divides_itself")) return sum / ss::clamp_min(ss::sum(known), 1);
    if (has("no_sum")) return ss::sqrt(sum + 1e-12) / in.divisor;
    if (has("nothing_is_nan")) return sum / ss::sum(known) * ss::sum(known) / in.divisor;
    if (has("other_dtype")) return ss::to(sum / in.divisor, ss::Dtype::float16);
    return spoiled(sum, in) / in.divisor;
  }

 private:
  bool has(const char* fault) const { return fault_ == fault; }

  ss::Tensor spoiled(const ss::Tensor& sum, const ss::LossInputs& in) const {
    if (has("detached")) return ss::detach(sum);
    if (has("wrong_gradient")) return sum * ss::detach(sum);
    if (has("map")) return ss::sum(in.logits, {0, 2, 3}) + sum;
    if (has("wobble")) return sum + 0.001 * static_cast<double>(++calls_);
    if (has("in_place")) ss::call<"aten::mul_.Scalar">({ss::detach(in.logits), 2.0});
    return sum;
  }

  std::string fault_;
  mutable std::atomic<int> calls_ = 0;
};

const ss_loss_table& sound() { return ss::detail::LossAdapter<FaultyLoss, Options>::table; }

std::string fault;

ss_status create(ss_options options, const ss_loss_spec* spec, void** self) {
  fault = ss::detail::component_schema<FaultyLoss, Options>().read(options).fault;
  return sound().create(options, spec, self);
}

ss_status info(void* self, ss_loss_info* out) {
  const ss_status status = sound().info(self, out);
  if (fault == "strange_divisor") out->divisor = 77;
  return status;
}

ss_status compute(void* self, ss_context context, const ss_loss_inputs* inputs, ss_tensor* out) {
  if (fault == "exit") std::exit(0);
  if (fault == "nothing") return SS_OK;
  if (fault == "no_message") return SS_INTERNAL;
  if (fault == "made_up") return *out = reinterpret_cast<ss_tensor>(uintptr_t{0x1230}), SS_OK;
  if (fault == "leak") ss::detail::tensor_api().retain(inputs->logits);
  return sound().compute(self, context, inputs, out);
}

const ss_loss_table kTable = {create, sound().destroy, info, compute};

ss::detail::Component<SS_LOSS_1> faulty_loss() {
  auto component = ss::loss<FaultyLoss, Options>("faulty_nll", "breaks the contract");
  component.table = &kTable;
  return component;
}

}  // namespace

SSHOST_PLUGIN("faulty_loss", "1.0.0", faulty_loss())
