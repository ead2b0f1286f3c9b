#ifndef SSHOST_SERVE_SESSION_H
#define SSHOST_SERVE_SESSION_H

#include <atomic>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <cstdint>
#include <memory>
#include <optional>

#include "serve/service.h"
#include "serve/settings.h"

namespace sshost::serve {

// What all connections share.
struct Shared {
  const Settings& settings;
  Service& service;
  std::atomic<uint64_t> bytes = 0;  // of the bodies that are held
  std::atomic<size_t> connections = 0;
  std::atomic<bool> is_draining = false;
  Post post = {};  // to any of the server's threads
};

// Bytes of the shared budget, given back with it.
class Claim {
 public:
  // Nothing where they are not to be had.
  static std::optional<Claim> take(Shared& shared, uint64_t bytes);
  ~Claim();
  Claim(Claim&& other) noexcept : shared_(other.shared_), bytes_(other.bytes_) { other.shared_ = nullptr; }
  Claim& operator=(Claim&& other) noexcept {
    std::swap(shared_, other.shared_);
    std::swap(bytes_, other.bytes_);
    return *this;
  }

 private:
  Claim(Shared* shared, uint64_t bytes) : shared_(shared), bytes_(bytes) {}

  Shared* shared_;
  uint64_t bytes_;
};

// A connection: one request after the other. It lives as long as an operation on it is under way. All of it runs on the
// strand of its socket.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(boost::asio::ip::tcp::socket socket, Shared& shared);
  ~Session();
  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  void start();

  // Where no request has begun: closed in a moment, unless one does.
  void drain();

 private:
  using Parser = boost::beast::http::request_parser<boost::beast::http::string_body>;
  using Message = boost::beast::http::response<boost::beast::http::string_body>;

  void read_header();
  void on_header(const boost::beast::error_code& error);
  void on_continued(const boost::beast::error_code& error);
  void read_body();
  void on_body(const boost::beast::error_code& error);
  void refuse_unread(const boost::beast::error_code& error);
  void write(Response response);
  void on_written(const boost::beast::error_code& error);
  void linger();
  void close();

  Shared& shared_;
  boost::beast::tcp_stream stream_;
  boost::asio::steady_timer last_chance_;
  boost::beast::flat_buffer buffer_;
  std::optional<Parser> parser_;
  std::optional<Claim> claim_;
  std::optional<Message> message_;
  bool is_idle_ = true;  // no byte of a request has come
  bool is_head_ = false;
  bool keeps_alive_ = false;
};

}  // namespace sshost::serve

#endif  // SSHOST_SERVE_SESSION_H
