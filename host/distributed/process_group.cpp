#include "distributed/process_group.h"

#include <ATen/core/Tensor.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/zeros.h>
#include <c10/core/impl/VirtualGuardImpl.h>
#include <c10/util/Logging.h>
#include <unistd.h>

#define USE_C10D_GLOO  // what LibTorch was built with; its headers ask for it
#include <torch/csrc/distributed/c10d/PrefixStore.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroup.hpp>
#include <torch/csrc/distributed/c10d/ProcessGroupGloo.hpp>
#include <torch/csrc/distributed/c10d/TCPStore.hpp>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <utility>

#include "base/error.h"
#include "distributed/gradient_reducer.h"
#include "distributed/listener.h"
#include "distributed/liveness.h"
#include "distributed/nccl.h"
#include "distributed/network_address.h"
#include "distributed/rank_text.h"

namespace sshost::distributed {
namespace {

using Group = c10::intrusive_ptr<c10d::ProcessGroup>;
using StorePointer = c10::intrusive_ptr<c10d::Store>;
using BackendPointer = c10::intrusive_ptr<c10d::Backend>;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

// GPUs stop waiting for a rank that has given no sign of life for so long.
constexpr std::chrono::seconds kPatience(10);

// How long a rank is watched before it counts as silent: where something has failed, and, since a busy machine is not
// to cost a run its last checkpoint, where nothing has.
constexpr milliseconds kAfterFailure(1500);
constexpr milliseconds kBeforeFailure(3000);

// What a wait may take beyond distributed.timeout, in which what waits gives up by itself.
constexpr std::chrono::seconds kMargin(5);

const std::string kRefusal = "refusal";  // why the ranks do not begin

// Without LibTorch's stack of calls.
std::string text_of(const std::exception& error) {
  const auto* of_torch = dynamic_cast<const c10::Error*>(&error);
  return of_torch != nullptr ? of_torch->what_without_backtrace() : error.what();
}

std::string here_key(int64_t rank) { return "here/" + std::to_string(rank); }
std::string gpu_key(int64_t rank) { return "gpu/" + std::to_string(rank); }

std::string meeting_place(const RankEnvironment& environment) {
  return environment.address + ":" + std::to_string(environment.port);
}

// A connection to the store; rank 0's first one opens it at `listener`, unless the launcher has.
StorePointer open_store(const RankEnvironment& environment, milliseconds timeout, Listener* listener = nullptr) {
  c10d::TCPStoreOptions options;
  options.port = environment.port;
  options.isServer = listener != nullptr;
  options.numWorkers = static_cast<std::size_t>(environment.count);
  options.waitWorkers = false;
  options.timeout = timeout;
  const bool is_at_one = listener != nullptr && !listener->address().empty();
  if (listener != nullptr) options.masterListenFd = listener->release();
  try {
    return c10::make_intrusive<c10d::PrefixStore>(
        "sshost/" + environment.attempt,
        c10::make_intrusive<c10d::TCPStore>(is_at_one ? listener->address() : environment.address, options));
  } catch (const std::exception& error) {
    const std::string what = listener != nullptr ? "rank 0 cannot listen at " : "rank 0 does not answer at ";
    throw Error(what + meeting_place(environment) + " (MASTER_ADDR:MASTER_PORT): " + text_of(error));
  }
}

// All ranks end with this.
[[noreturn]] void refuse(c10d::Store& store, const std::string& why) {
  store.compareSet(kRefusal, std::string(), why);
  std::this_thread::sleep_for(std::chrono::seconds(1));  // until the others have read it, where rank 0 keeps the store
  throw UsageError(why);
}

// Each rank says how many there are. Whom torchrun has started knows it from there, also where it starts another number
// of them again.
void agree_on_count(c10d::Store& store, const RankEnvironment& environment) {
  if (environment.launcher_keeps_store) return;
  const std::string own = std::to_string(environment.count);
  const std::string first = store.compareSet("count", std::string(), own);
  if (first == own) return;
  refuse(store, "WORLD_SIZE: rank " + std::to_string(environment.rank) + " was started as one of " + own +
                    " processes, another one as one of " + first);
}

// Whether all ranks are there after a short while.
bool have_all_come(c10d::Store& store, const std::vector<std::string>& keys) {
  constexpr milliseconds kShort(500);
  try {
    store.wait(keys, kShort);
    return true;
  } catch (const std::exception&) {
    if (store.check({kRefusal})) throw UsageError(store.get_to_str(kRefusal));
    return false;
  }
}

[[noreturn]] void throw_missing(c10d::Store& store, const RankEnvironment& environment, milliseconds timeout) {
  std::vector<int64_t> missing;
  for (int64_t rank = 0; rank < environment.count; ++rank) {
    if (!store.check({here_key(rank)})) missing.push_back(rank);
  }
  throw Error(list_ranks(missing) + " of " + std::to_string(environment.count) + " did not come to " +
              meeting_place(environment) + " within " + std::to_string(timeout.count() / 1000) +
              " s (distributed.timeout); were all processes started?");
}

// Returns when all ranks have come, with their names: "rank 3 (node1, process 7)".
std::vector<std::string> meet(c10d::Store& store, const RankEnvironment& environment, Clock::time_point begin,
                              milliseconds timeout) {
  agree_on_count(store, environment);  // before: none goes on without this rank
  store.set(here_key(environment.rank), own_host_name() + ", process " + std::to_string(getpid()));
  std::vector<std::string> keys;
  for (int64_t rank = 0; rank < environment.count; ++rank) keys.push_back(here_key(rank));
  while (!have_all_come(store, keys)) {
    if (Clock::now() - begin > timeout) throw_missing(store, environment, timeout);
  }
  std::vector<std::string> names;
  for (int64_t rank = 0; rank < environment.count; ++rank) {
    names.push_back("rank " + std::to_string(rank) + " (" + store.get_to_str(here_key(rank)) + ")");
  }
  return names;
}

using GlooDevice = std::shared_ptr<gloo::transport::Device>;

// Where Gloo of this rank listens: at the interface that GLOO_SOCKET_IFNAME names, as it does for PyTorch; else at the
// address towards rank 0.
GlooDevice open_device(const RankEnvironment& environment, bool allow_public) {
  const std::string who = "rank " + std::to_string(environment.rank);
  if (const auto interface = environment_variable("GLOO_SOCKET_IFNAME")) {
    for (const std::string& address : own_addresses(*interface)) require_private(who, address, allow_public);
    return c10d::ProcessGroupGloo::createDeviceForInterface(*interface);
  }
  const std::string address = own_address_towards(environment.address, environment.port);
  if (address.empty()) throw Error(who + " finds no way to " + meeting_place(environment));
  require_private(who, address, allow_public);
  return c10d::ProcessGroupGloo::createDeviceForHostname(address);
}

GlooDevice open_device_or_refuse(c10d::Store& store, const RankEnvironment& environment, bool allow_public) try {
  return open_device(environment, allow_public);
} catch (const std::exception& error) {
  refuse(store, text_of(error));
}

// All ranks come to the same answer.
CudaTransport agree_on_cuda_transport(c10d::Store& store, const RankEnvironment& environment,
                                      const at::Device& device) {
  store.set(gpu_key(environment.rank), gpu_for_nccl(device).value_or(kNoGpu));
  std::vector<std::string> gpus;
  for (int64_t rank = 0; rank < environment.count; ++rank) gpus.push_back(store.get_to_str(gpu_key(rank)));
  return choose_cuda_transport(gpus);
}

// With Gloo alone.
Group open_group(const StorePointer& store, const std::string& name, const RankEnvironment& environment,
                 const GlooDevice& gloo_device, milliseconds timeout) {
  const auto rank = static_cast<int>(environment.rank);
  const auto count = static_cast<int>(environment.count);
  const StorePointer own = c10::make_intrusive<c10d::PrefixStore>(name, store);
  const auto options = c10d::ProcessGroupGloo::Options::create(timeout);
  options->devices.push_back(gloo_device);
  const auto gloo = c10::make_intrusive<c10d::ProcessGroupGloo>(own, rank, count, options);
  Group group = c10::make_intrusive<c10d::ProcessGroup>(own, rank, count);
  for (const c10::DeviceType device : {c10::DeviceType::CPU, c10::DeviceType::CUDA}) {
    group->setBackend(device, c10d::ProcessGroup::BackendType::GLOO, gloo);
  }
  group->setDefaultBackend(c10d::ProcessGroup::BackendType::GLOO);
  group->setGroupName(name);
  return group;
}

// Puts NCCL in the place of Gloo for tensors on CUDA devices.
BackendPointer use_nccl(c10d::ProcessGroup& group, const StorePointer& store, const at::Device& device,
                        std::chrono::milliseconds timeout) try {
  const std::string name = group.getGroupName();
  const StorePointer own = c10::make_intrusive<c10d::PrefixStore>(name + "/nccl", store);
  BackendPointer nccl = open_nccl(own, group.getRank(), group.getSize(), device, timeout);
  group.setBackend(c10::DeviceType::CUDA, c10d::ProcessGroup::BackendType::NCCL, nccl);
  group.setGroupName(name);
  return nccl;
} catch (const std::exception& error) {
  throw Error("NCCL cannot connect the GPUs of all ranks: " + text_of(error) + " (NCCL_DEBUG=INFO says more)");
}

void wait_for(const at::Device& device) {
  const c10::impl::VirtualGuardImpl guard(device.type());
  guard.synchronizeStream(guard.getStream(device));
}

// c10d also logs what it throws, each time with its stack of calls. As with PyTorch, TORCH_CPP_LOG_LEVEL decides.
void silence_library() {
  if (!environment_variable("TORCH_CPP_LOG_LEVEL")) FLAGS_caffe2_log_level = c10::GLOG_FATAL;
}

}  // namespace

struct ProcessGroup::Connection {
  Connection(const RankEnvironment& environment, const at::Device& own_device, const config::DistributedConfig& config,
             const LastResort& last_resort)
      : device(own_device),
        timeout(static_cast<int64_t>(config.timeout * 1000)),
        watchdog(timeout + kMargin, last_resort) {
    keeper = environment.launcher_keeps_store ? "the launcher at " + meeting_place(environment) : "";
    connect_or_blame(environment, find_others(environment, config.allow_public));
  }

  // Gives where Gloo listens.
  GlooDevice find_others(const RankEnvironment& environment, bool allow_public) {
    const std::string where = meeting_place(environment) + ", where the ranks meet";
    const bool is_keeper = environment.rank == 0 && !environment.launcher_keeps_store;
    const std::string whom = is_keeper                          ? "the other ranks at "
                             : environment.launcher_keeps_store ? "the launcher at "
                                                                : "rank 0 at ";
    watchdog.ask([=] { return whom + where; });
    const Watchdog::Wait wait(watchdog);
    const Clock::time_point begin = Clock::now();
    std::optional<Listener> listener;
    if (is_keeper) {
      listener.emplace(environment.address, environment.port, allow_public);
      warning = listener->warning();
    }
    store = open_store(environment, timeout, listener ? &*listener : nullptr);
    GlooDevice gloo_device = open_device_or_refuse(*store, environment, allow_public);
    names = meet(*store, environment, begin, timeout);
    liveness.emplace(open_store(environment, timeout), environment.rank, environment.count);
    return gloo_device;
  }

  // Where it fails, what the error says of others goes to the others too.
  void connect_or_blame(const RankEnvironment& environment, const GlooDevice& gloo_device) {
    try {
      connect(environment, gloo_device);
    } catch (const std::exception& error) {
      const std::string blamed = blame();
      const std::string own = "rank " + std::to_string(environment.rank) + " failed: " + text_of(error);
      liveness->report(blamed.empty() ? own : blamed);
      throw Error(blamed.empty() ? text_of(error) : blamed);
    }
  }

  void connect(const RankEnvironment& environment, const GlooDevice& gloo_device) {
    watchdog.ask([this] {
      const std::string silent = name_silent(liveness->look(kBeforeFailure));
      return silent.empty() ? "" : silent + ", which gives no sign of life";
    });
    const Watchdog::Wait wait(watchdog);
    group = open_group(store, "all", environment, gloo_device, timeout);
    gradients = open_group(store, "gradients", environment, gloo_device, timeout);
    cuda_transport = agree_on_cuda_transport(*store, environment, device);
    if (!cuda_transport.is_nccl) return;
    for (const Group& each : {group, gradients}) nccl.push_back(use_nccl(*each, store, device, timeout));
    liveness->watch(kPatience, [this, backends = nccl] {
      lost_contact = true;  // before: what is in the tensors then is nothing to go on with
      abort(backends);
    });
  }

  // Empty: all give signs of life.
  std::string name_silent(const Liveness::Findings& found) const {
    const bool answers = found.keeper == Liveness::Keeper::kAnswers;
    if (!answers && !keeper.empty()) return keeper;
    const std::vector<int64_t> silent = answers ? found.silent : std::vector<int64_t>{0};
    std::string text;
    for (const int64_t rank : silent) text += (text.empty() ? "" : ", ") + names[static_cast<size_t>(rank)];
    return text;
  }

  // What another rank did that ended this one's work; empty where none did anything.
  std::string blame() const {
    const Liveness::Findings found = liveness->look(kAfterFailure);
    if (!found.failure.empty()) return found.failure;
    const bool answers = found.keeper == Liveness::Keeper::kAnswers;
    if (!answers && !keeper.empty()) return keeper + " is gone, or stands still";
    if (found.keeper == Liveness::Keeper::kGone) return names.front() + " has died";
    const std::string silent = name_silent(found);
    if (silent.empty()) return {};
    return silent + (answers && found.silent.size() > 1 ? " have" : " has") +
           " died without a word, or stopped: killed, out of memory, suspended, or the machine or its network is gone";
  }

  // Throws where one of NCCL's collectives has failed, up to now or, `when_done`, when the GPU has done all it was
  // given.
  void check_nccl(bool when_done) const {
    if (when_done && !nccl.empty()) wait_for(device);
    for (const BackendPointer& backend : nccl) {
      const c10d::ErrorType error = backend->getError();
      if (error == c10d::ErrorType::SUCCESS) continue;
      throw Error(error == c10d::ErrorType::TIMEOUT ? "a collective of NCCL took longer than distributed.timeout"
                                                    : "a collective of NCCL failed (NCCL_DEBUG=WARN says more)");
    }
  }

  // Ends what NCCL does at once, wherever the other ranks are.
  static void abort(const std::vector<BackendPointer>& backends) noexcept {
    for (const BackendPointer& backend : backends) {
      try {
        backend->abort();
      } catch (const std::exception&) {  // it has not ended within the timeout: the process ends all the same
      }
    }
  }

  const at::Device device;
  const milliseconds timeout;
  std::atomic<bool> lost_contact = false;
  std::string warning;
  StorePointer store;
  std::string keeper;              // of the store, where it is none of the ranks
  std::vector<std::string> names;  // of the ranks
  std::optional<Liveness> liveness;
  Group group;
  Group gradients;  // of its own: a backward's buckets and its batch norms come in no order that all ranks share
  CudaTransport cuda_transport;
  std::vector<BackendPointer> nccl;  // of both groups, or none
  Watchdog watchdog;                 // behind what it asks
};

ProcessGroup::ProcessGroup(const RankEnvironment& environment, const config::DistributedConfig& config,
                           const at::Device& device, const LastResort& last_resort)
    : environment_(environment) {
  silence_library();
  connection_ = std::make_unique<Connection>(environment, device, config, last_resort);
}

// No communicator is closed while another rank's GPU waits for it: when all meet, each has done what it was given.
ProcessGroup::~ProcessGroup() {
  if (!connection_ || connection_->nccl.empty()) return;
  try {
    ProcessGroup::sum({at::zeros({1})});
  } catch (const std::exception&) {  // someone is gone, which does not matter any more
  }
  Connection::abort(connection_->nccl);
}

const CudaTransport& ProcessGroup::cuda_transport() const { return connection_->cuda_transport; }

const std::string& ProcessGroup::warning() const { return connection_->warning; }

Watchdog::Wait ProcessGroup::wait() const { return Watchdog::Wait(connection_->watchdog); }

void ProcessGroup::note_lost_contact() const { connection_->lost_contact = true; }

// Begins a collective for each tensor, and waits for all; on the GPU for those that are queued there. Contiguous
// tensors are worked on as they are, others by way of a copy.
template <typename Begin>
void ProcessGroup::for_all(const std::vector<at::Tensor>& tensors, Begin begin) const {
  const at::NoGradGuard no_gradient;
  const Watchdog::Wait waiting = wait();
  std::vector<std::vector<at::Tensor>> lists;
  std::vector<c10::intrusive_ptr<c10d::Work>> pending;
  try {
    const bool some_on_cpu =
        std::any_of(tensors.begin(), tensors.end(), [](const at::Tensor& tensor) { return tensor.is_cpu(); });
    connection_->check_nccl(/*when_done=*/some_on_cpu);
    if (connection_->lost_contact) throw Error("the contact to other ranks is lost");
    for (const at::Tensor& tensor : tensors)
      pending.push_back(begin(lists.emplace_back(1, tensor.detach().contiguous())));
    for (const auto& work : pending) work->wait();
  } catch (const std::exception& error) {
    note_lost_contact();
    throw Error(text_of(error));
  }
  for (size_t i = 0; i < tensors.size(); ++i) {
    const at::Tensor& result = lists[i].front();
    if (result.data_ptr() != tensors[i].data_ptr()) tensors[i].detach().copy_(result);
  }
}

void ProcessGroup::sum(const std::vector<at::Tensor>& tensors) const {
  for_all(tensors, [this](std::vector<at::Tensor>& list) { return connection_->group->allreduce(list); });
}

void ProcessGroup::broadcast(const std::vector<at::Tensor>& tensors) const {
  for_all(tensors, [this](std::vector<at::Tensor>& list) { return connection_->group->broadcast(list); });
}

std::unique_ptr<state::Backward> ProcessGroup::make_backward(const std::vector<at::Tensor>& parameters) const {
  return std::make_unique<GradientReducer>(parameters, connection_->gradients, *this);
}

void ProcessGroup::fail(const std::exception& error) {
  // Never destroyed: the threads of a group that lost a rank may wait for each other up to the timeout.
  Connection& connection = *connection_.release();
  const std::string blamed = connection.lost_contact ? connection.blame() : "";
  const std::string own = "rank " + std::to_string(rank()) + " failed: " + text_of(error);
  connection.liveness->report(blamed.empty() ? own : blamed);
  if (blamed.empty()) return;
  throw Error(blamed +
              ". All ranks stop; start them again with --set train.resume=true and --output of this run to go "
              "on from its newest checkpoint");
}

}  // namespace sshost::distributed
