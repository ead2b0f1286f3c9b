// A head that breaks the contract in one way, or in none. What the SDK would not let through is done in functions of
// the contract's table that stand in front of the SDK's.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <clocale>
#include <csignal>
#include <cstdlib>
#include <optional>
#include <set>
#include <stdexcept>
#include <thread>

#include <sshost/head.hpp>
#include <sshost/nn.hpp>

namespace {

struct Options {
  std::string fault = "none";
  double share = 0.5;
  static ss::Schema<Options> schema() {
    return {{"fault", &Options::fault, "what it does wrong"},
            {"share", &Options::share, "of nothing", ss::between(0, 1)}};
  }
};

// Of the head that was made last: the functions in front of the SDK's have no other way to know.
std::string fault;

bool has(const char* name) { return fault == name; }

class FaultyHead final : public ss::Head {
 public:
  static constexpr std::string_view formats[] = {"sssegmentation"};

  FaultyHead(ss::Builder& build, const Options& options, const ss::HeadSpec& in)
      : Head(build, in, {.channels = in.features.back().channels, .dropout = 0}),
        fault_(options.fault),
        fuse_(build, "fuse", {.in = channels(), .out = channels(), .kernel = 1}),
        mean_(build, "mean", {1}, {}) {
    if (fault_ == "unused") unused_.emplace(build, "unused", ss::nn::ConvSpec{.in = 4, .out = 4, .kernel = 1});
  }

  ss::Tensor embed(ss::Context& ctx, ss::Features features) const override {
    const ss::Tensor& last = features.back();
    if (fault_ == "bad_alloc_is_null") return swallow(ctx, last);
    const ss::Tensor out = fuse_(ctx, last);
    if (fault_ == "nan") return out / 0.0 * 0.0;
    if (fault_ == "wobble") return out + 0.001 * static_cast<double>(++calls);
    if (fault_ == "batch") return out.size(0) > 1 ? ss::narrow(out, 0, 1, out.size(0) - 1) : out;
    if (fault_ == "odd_sizes" && last.size(-1) % 2 == 1) throw std::runtime_error("I cannot do odd sizes");
    if (fault_ == "detached") return ss::detach(out);
    if (fault_ == "wrong_gradient") return out * ss::detach(out);
    if (fault_ == "writes_buffer") ss::call<"aten::add_.Scalar">({mean_(ctx), 1.0});
    if (fault_ == "shared_scratch") return with_scratch(out);
    return out;
  }

  std::vector<ss::NameRule> names(const ss::NamesQuery&) const {
    if (fault_ == "same_names") return {{"fuse.weight", "decoder"}, {"classifier.weight", "decoder"}};
    return {{"fuse", "decoder.0"}, {"classifier", "decoder.1"}};
  }

  inline static std::atomic<int> calls = 0;

 private:
  // What a head does that keeps a buffer of its own for all threads.
  ss::Tensor with_scratch(const ss::Tensor& out) const {
    const std::vector<float> values = out.to_vector<float>();
    std::copy(values.begin(), values.end(), scratch.begin());
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    return ss::Tensor::from(std::span<const float>(scratch.data(), values.size()), out.sizes());
  }

  // Memory that is refused is no reason to give nothing.
  ss::Tensor swallow(ss::Context& ctx, const ss::Tensor& last) const {
    try {
      return fuse_(ctx, last);
    } catch (const ss::Error&) {
      return {};
    }
  }

  inline static std::vector<float> scratch = std::vector<float>(1 << 20);
  std::string fault_;
  ss::nn::Conv fuse_;
  ss::nn::Buffer mean_;
  std::optional<ss::nn::Conv> unused_;
};

const ss_head_table& sound() { return ss::detail::HeadAdapter<FaultyHead, Options>::table; }

void spoil_the_process() {
  if (has("chdir") && chdir("/") != 0) std::abort();
  if (has("locale")) std::setlocale(LC_ALL, "C.UTF-8");
  if (has("signal")) std::signal(SIGINT, SIG_IGN);
}

ss_status create(ss_builder builder, ss_options options, const ss_head_spec* spec, void** self) {
  const ss_status status = sound().create(builder, options, spec, self);
  if (status != SS_OK) return status;
  fault = ss::detail::component_schema<FaultyHead, Options>().read(options).fault;
  spoil_the_process();
  if (has("exit_in_create")) std::exit(0);
  if (has("throw_in_create")) throw std::runtime_error("no luck in create");
  return SS_OK;
}

void end_process() {
  if (has("exit")) std::exit(0);
  if (has("quick_exit")) std::quick_exit(0);
  if (has("_exit")) _exit(0);
  if (has("crash_on_a_thread")) std::thread([] { std::raise(SIGSEGV); }).join();
  while (has("loop")) std::this_thread::sleep_for(std::chrono::milliseconds(10));
}

ss_status embed(void* self, ss_context context, const ss_head_inputs* inputs, const ss_prediction_sink* sink,
                ss_tensor* representation) {
  end_process();
  if (has("segfault")) *static_cast<volatile int*>(nullptr) = 1;
  if (has("throw")) throw std::runtime_error("no luck in embed");
  if (has("throw_int")) throw 7;
  if (has("nothing")) return SS_OK;
  if (has("no_message")) return SS_INTERNAL;
  const ss_tensor last = inputs->features[inputs->feature_count - 1];
  if (has("made_up")) return *representation = reinterpret_cast<ss_tensor>(uintptr_t{0x1230}), SS_OK;
  if (has("not_retained")) return *representation = last, SS_OK;
  if (has("leak")) ss::detail::tensor_api().retain(last);
  if (has("released_twice")) {
    ss::detail::tensor_api().release(last);
    ss::detail::tensor_api().release(last);
    ss::detail::tensor_api().release(last);
  }
  if (has("in_place")) ss::call<"aten::mul_.Scalar">({ss::Tensor::share(last), 2.0});
  return sound().embed(self, context, inputs, sink, representation);
}

const ss_head_table kTable = {create, sound().destroy, sound().channels, sound().inputs, embed, sound().classify};

// May emit its rules whatever the format.
ss_status rules_of_any_format(void* self, const ss_names_query* query, const ss_name_sink* sink) {
  ss_names_query asked = *query;
  if (has("any_format")) asked.format = ss::detail::to_abi(FaultyHead::formats[0]);
  return ss::detail::NamesAdapter<FaultyHead>::rules(self, &asked, sink);
}

ss_status one_format(void* self, ss_string* out, uint32_t* count) {
  return ss::detail::NamesAdapter<FaultyHead>::formats(self, out, count);
}

const ss_checkpoint_names_table kNames = {one_format, rules_of_any_format};

const void* get(ss_string id) {
  if (ss::detail::view(id) == SS_CHECKPOINT_NAMES_1) return &kNames;
  return ss::detail::further_capability<FaultyHead>(id);
}

ss::detail::Component<SS_HEAD_1> faulty_head() {
  auto component = ss::head<FaultyHead, Options>("faulty", "breaks the contract");
  component.table = &kTable;
  component.get = get;
  return component;
}

}  // namespace

SSHOST_PLUGIN("faulty_head", "1.0.0", faulty_head())
