#include "serve/http_server.h"

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <future>
#include <list>
#include <mutex>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/error.h"
#include "serve/session.h"

namespace sshost::serve {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using ErrorCode = boost::system::error_code;

constexpr size_t kThreads = 2;  // what they do is short; the cores are the model's

tcp::endpoint endpoint_of(const Settings& settings) {
  ErrorCode error;
  const auto address = asio::ip::make_address(settings.address, error);
  if (!error) return {address, settings.port};
  throw UsageError("--host: expected an address such as 127.0.0.1 or ::, found " + settings.address);
}

// Listens, or throws Error with the reason.
void listen(tcp::acceptor& acceptor, const Settings& settings) try {
  const tcp::endpoint endpoint = endpoint_of(settings);
  acceptor.open(endpoint.protocol());
  acceptor.set_option(tcp::acceptor::reuse_address(true));
  acceptor.bind(endpoint);
  acceptor.listen(asio::socket_base::max_listen_connections);
} catch (const boost::system::system_error& error) {
  throw Error(settings.address + ":" + std::to_string(settings.port) +
              " cannot be listened to: " + error.code().message());
}

}  // namespace

bool is_loopback(const std::string& address) {
  ErrorCode error;
  const auto parsed = asio::ip::make_address(address, error);
  return !error && parsed.is_loopback();
}

struct HttpServer::State {
  State(const Settings& settings, Service& service)
      : shared{settings, service}, accept_strand(asio::make_strand(context)), acceptor(accept_strand) {
    shared.post = [this](std::function<void()> work) { asio::post(context, std::move(work)); };
  }

  Shared shared;  // outlives the sessions, which the context holds
  asio::io_context context;
  asio::strand<asio::io_context::executor_type> accept_strand;
  tcp::acceptor acceptor;  // on its strand, as what follows
  std::list<std::weak_ptr<Session>> sessions;
  asio::executor_work_guard<asio::io_context::executor_type> guard{context.get_executor()};
  std::vector<std::thread> threads;

  void begin(tcp::socket socket) {
    sessions.remove_if([](const auto& session) { return session.expired(); });
    ErrorCode ignored;
    socket.set_option(tcp::no_delay(true), ignored);
    const auto session = std::make_shared<Session>(std::move(socket), shared);
    sessions.push_back(session);
    session->start();
  }

  void accept() {
    acceptor.async_accept(asio::make_strand(context), [this](const ErrorCode& error, tcp::socket socket) {
      if (!error) begin(std::move(socket));
      if (!acceptor.is_open()) return;
      if (!error) return accept();
      // There are no descriptors now, or the client is gone: a moment later there may be.
      const auto timer = std::make_shared<asio::steady_timer>(accept_strand, std::chrono::milliseconds(50));
      timer->async_wait([this, timer](const ErrorCode&) {
        if (acceptor.is_open()) accept();
      });
    });
  }

  // Those that the kernel has accepted count as accepted.
  void accept_waiting() {
    ErrorCode error;
    acceptor.cancel(error);
    acceptor.non_blocking(true, error);
    while (!error) {
      tcp::socket socket = acceptor.accept(asio::make_strand(context), error);
      if (!error) begin(std::move(socket));
    }
    acceptor.close(error);
  }

  void drain() {
    accept_waiting();
    for (const auto& weak : sessions) {
      if (const auto session = weak.lock()) session->drain();
    }
  }
};

HttpServer::HttpServer(const Settings& settings, Service& service)
    : state_(std::make_unique<State>(settings, service)) {
  listen(state_->acceptor, settings);
  asio::post(state_->accept_strand, [this] { state_->accept(); });
  for (size_t i = 0; i < kThreads; ++i) state_->threads.emplace_back([this] { state_->context.run(); });
}

HttpServer::~HttpServer() {
  state_->guard.reset();
  state_->context.stop();
  for (std::thread& thread : state_->threads) thread.join();
}

uint16_t HttpServer::port() const { return state_->acceptor.local_endpoint().port(); }

void HttpServer::drain() {
  state_->shared.is_draining = true;
  std::promise<void> done;
  asio::post(state_->accept_strand, [&] {
    state_->drain();
    done.set_value();
  });
  done.get_future().wait();
}

size_t HttpServer::connections() const { return state_->shared.connections; }

}  // namespace sshost::serve
