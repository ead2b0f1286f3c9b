#include "distributed/process_group.h"

#include <ATen/ATen.h>
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
#include <utility>

#include "base/error.h"
#include "distributed/gradient_reducer.h"
#include "distributed/liveness.h"
#include "distributed/nccl.h"
#include "distributed/network_address.h"

namespace sshost::distributed {
namespace {

using Group = c10::intrusive_ptr<c10d::ProcessGroup>;
using StorePointer = c10::intrusive_ptr<c10d::Store>;
using BackendPointer = c10::intrusive_ptr<c10d::Backend>;

// GPUs stop waiting for a rank that has given no sign of life for so long.
constexpr std::chrono::seconds kPatience(10);

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

std::string list_ranks(const std::vector<std::string>& ranks) {
  std::string text = ranks.size() == 1 ? "rank " : "ranks ";
  for (size_t i = 0; i < ranks.size(); ++i) text += (i == 0 ? "" : ", ") + ranks[i];
  return text;
}

// A connection to the store; rank 0's first one opens it, unless the launcher has.
StorePointer open_store(const RankEnvironment& environment, std::chrono::milliseconds timeout, bool is_server) {
  c10d::TCPStoreOptions options;
  options.port = environment.port;
  options.isServer = is_server;
  options.numWorkers = static_cast<std::size_t>(environment.count);
  options.waitWorkers = false;
  options.timeout = timeout;
  try {
    return c10::make_intrusive<c10d::PrefixStore>("sshost/" + environment.attempt,
                                                  c10::make_intrusive<c10d::TCPStore>(environment.address, options));
  } catch (const std::exception& error) {
    const std::string what = is_server ? "rank 0 cannot listen at " : "rank 0 does not answer at ";
    throw Error(what + meeting_place(environment) + " (MASTER_ADDR:MASTER_PORT): " + text_of(error));
  }
}

// Returns when all ranks have come.
void meet(c10d::Store& store, const RankEnvironment& environment, std::chrono::milliseconds timeout) {
  store.set(here_key(environment.rank), own_host_name() + ", process " + std::to_string(getpid()));
  std::vector<std::string> keys;
  for (int64_t rank = 0; rank < environment.count; ++rank) keys.push_back(here_key(rank));
  try {
    store.wait(keys, timeout);
  } catch (const std::exception&) {
    std::vector<std::string> missing;
    for (int64_t rank = 0; rank < environment.count; ++rank) {
      if (!store.check({here_key(rank)})) missing.push_back(std::to_string(rank));
    }
    throw Error(list_ranks(missing) + " of " + std::to_string(environment.count) + " did not come to " +
                meeting_place(environment) + " within " + std::to_string(timeout.count() / 1000) +
                " s (distributed.timeout); were all processes started?");
  }
}

// GLOO_SOCKET_IFNAME names a network interface, as it does for PyTorch; else it is the one towards rank 0.
std::shared_ptr<gloo::transport::Device> open_device(const RankEnvironment& environment) {
  if (const auto interface = environment_variable("GLOO_SOCKET_IFNAME")) {
    return c10d::ProcessGroupGloo::createDeviceForInterface(*interface);
  }
  const std::string address = own_address_towards(environment.address, environment.port);
  if (address.empty()) return c10d::ProcessGroupGloo::createDefaultDevice();
  return c10d::ProcessGroupGloo::createDeviceForHostname(address);
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
                 std::chrono::milliseconds timeout) {
  const auto rank = static_cast<int>(environment.rank);
  const auto count = static_cast<int>(environment.count);
  const StorePointer own = c10::make_intrusive<c10d::PrefixStore>(name, store);
  const auto options = c10d::ProcessGroupGloo::Options::create(timeout);
  options->devices.push_back(open_device(environment));
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
  Connection(const RankEnvironment& environment, const at::Device& own_device, std::chrono::milliseconds timeout)
      : device(own_device),
        store(open_store(environment, timeout, environment.rank == 0 && !environment.launcher_keeps_store)) {
    meet(*store, environment, timeout);
    liveness.emplace(open_store(environment, timeout, false), environment.rank, environment.count);
    group = open_group(store, "all", environment, timeout);
    gradients = open_group(store, "gradients", environment, timeout);
    cuda_transport = agree_on_cuda_transport(*store, environment, device);
    if (!cuda_transport.is_nccl) return;
    for (const Group& each : {group, gradients}) nccl.push_back(use_nccl(*each, store, device, timeout));
    liveness->watch(kPatience, [this, backends = nccl] {
      lost_contact = true;  // before: what is in the tensors then is nothing to go on with
      abort(backends);
    });
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
  std::atomic<bool> lost_contact = false;
  StorePointer store;
  std::optional<Liveness> liveness;
  Group group;
  Group gradients;  // of its own: a backward's buckets and its batch norms come in no order that all ranks share
  CudaTransport cuda_transport;
  std::vector<BackendPointer> nccl;  // of both groups, or none
};

ProcessGroup::ProcessGroup(const RankEnvironment& environment, const config::DistributedConfig& config,
                           const at::Device& device)
    : environment_(environment) {
  silence_library();
  const std::chrono::milliseconds timeout(static_cast<int64_t>(config.timeout * 1000));
  connection_ = std::make_unique<Connection>(environment, device, timeout);
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

void ProcessGroup::note_lost_contact() const { connection_->lost_contact = true; }

// Begins a collective for each tensor, and waits for all; on the GPU for those that are queued there. Contiguous
// tensors are worked on as they are, others by way of a copy.
template <typename Begin>
void ProcessGroup::for_all(const std::vector<at::Tensor>& tensors, Begin begin) const {
  const at::NoGradGuard no_gradient;
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

// What another rank did that ended this one's work; empty where none did anything.
std::string ProcessGroup::blame(const Connection& connection) const {
  const Liveness& liveness = *connection.liveness;
  if (std::string failure = liveness.failure(); !failure.empty()) return failure;
  const std::vector<int64_t> silent = liveness.silent_ranks();
  if (std::string failure = liveness.failure(); !failure.empty()) return failure;
  if (liveness.is_cut_off()) {
    return environment_.launcher_keeps_store ? "the launcher at " + meeting_place(environment_) + " is gone"
                                             : "rank 0 (" + meeting_place(environment_) + ") has died";
  }
  if (silent.empty()) return {};
  std::vector<std::string> names;
  for (const int64_t rank : silent) {
    names.push_back(std::to_string(rank) + " (" + connection.store->get_to_str(here_key(rank)) + ")");
  }
  return list_ranks(names) + (names.size() == 1 ? " has" : " have") +
         " died without a word: killed, out of memory, or the machine or its network is gone";
}

void ProcessGroup::fail(const std::exception& error) {
  // Never destroyed: the threads of a group that lost a rank may wait for each other up to the timeout.
  Connection& connection = *connection_.release();
  const std::string blamed = connection.lost_contact ? blame(connection) : "";
  const std::string own = "rank " + std::to_string(rank()) + " failed: " + text_of(error);
  connection.liveness->report(blamed.empty() ? own : blamed);
  if (blamed.empty()) return;
  throw Error(blamed +
              ". All ranks stop; start them again with --set train.resume=true and --output of this run to go "
              "on from its newest checkpoint");
}

}  // namespace sshost::distributed
