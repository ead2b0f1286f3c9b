#include "serve/session.h"

#include <algorithm>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <cctype>
#include <chrono>
#include <string>
#include <utility>

namespace sshost::serve {
namespace {

namespace beast = boost::beast;
namespace http = beast::http;
namespace asio = boost::asio;

constexpr uint32_t kMostHeaderBytes = 16 << 10;

std::string lower(beast::string_view text) {
  std::string out(text.data(), text.size());
  std::transform(out.begin(), out.end(), out.begin(), [](unsigned char c) { return std::tolower(c); });
  return out;
}

std::string_view plain(beast::string_view text) { return {text.data(), text.size()}; }

std::shared_ptr<const Request> request_of(http::request<http::string_body>&& message) {
  auto request = std::make_shared<Request>();
  request->method = std::string(plain(message.method_string()));
  set_target(*request, plain(message.target()));
  for (const auto& field : message) request->headers[lower(field.name_string())] = std::string(plain(field.value()));
  request->body = std::move(message.body());
  return request;
}

}  // namespace

std::optional<Claim> Claim::take(Shared& shared, uint64_t bytes) {
  if (shared.bytes.fetch_add(bytes) + bytes <= shared.settings.most_bytes_at_once) return Claim(&shared, bytes);
  shared.bytes -= bytes;
  return std::nullopt;
}

Claim::~Claim() {
  if (shared_ != nullptr) shared_->bytes -= bytes_;
}

Session::Session(asio::ip::tcp::socket socket, Shared& shared)
    : shared_(shared), stream_(std::move(socket)), last_chance_(stream_.get_executor()) {
  ++shared_.connections;
}

Session::~Session() { --shared_.connections; }

void Session::start() {
  asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
    if (self->shared_.connections > static_cast<size_t>(self->shared_.settings.connections)) {
      return self->write(error_response(503, "there are too many connections", 1));
    }
    self->read_header();
  });
}

void Session::drain() {
  asio::dispatch(stream_.get_executor(), [self = shared_from_this()] {
    if (!self->is_idle_) return;
    self->last_chance_.expires_after(std::chrono::seconds(1));  // for a request that is on its way
    self->last_chance_.async_wait([self](const beast::error_code& error) {
      if (!error && self->is_idle_) self->close();
    });
  });
}

void Session::read_header() {
  const Settings& settings = shared_.settings;
  parser_.emplace();
  parser_->header_limit(kMostHeaderBytes);
  parser_->body_limit(settings.most_bytes);
  is_idle_ = buffer_.size() == 0;
  claim_.reset();
  if (is_idle_) {
    // Until the first byte a connection may stay as long as is usual; a header that has begun has to end soon.
    stream_.expires_after(std::chrono::seconds(shared_.is_draining ? 1 : settings.idle_seconds));
    return stream_.async_read_some(buffer_.prepare(4096),
                                   [self = shared_from_this()](beast::error_code error, size_t n) {
                                     if (error) return self->close();
                                     self->buffer_.commit(n);
                                     self->read_header();
                                   });
  }
  stream_.expires_after(std::chrono::seconds(settings.seconds));
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](beast::error_code error, size_t) { self->on_header(error); });
}

void Session::on_header(const beast::error_code& error) {
  if (error) return refuse_unread(error);
  is_head_ = parser_->get().method() == http::verb::head;
  keeps_alive_ = parser_->keep_alive();
  const auto length = parser_->content_length();
  claim_ = Claim::take(shared_, length ? *length : parser_->chunked() ? shared_.settings.most_bytes : 0);
  if (!claim_) {
    keeps_alive_ = false;  // its body is not read
    return write(error_response(503, "there are too many requests being read", 1));
  }
  if (lower(parser_->get()[http::field::expect]) != "100-continue") return read_body();
  message_.emplace(http::status::continue_, 11);
  http::async_write(stream_, *message_,
                    [self = shared_from_this()](beast::error_code failure, size_t) { self->on_continued(failure); });
}

void Session::on_continued(const beast::error_code& error) {
  if (error) return close();
  read_body();
}

void Session::read_body() {
  stream_.expires_after(std::chrono::seconds(shared_.settings.seconds));
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](beast::error_code error, size_t) { self->on_body(error); });
}

void Session::on_body(const beast::error_code& error) {
  if (error) return refuse_unread(error);
  stream_.expires_never();  // the service has a deadline of its own
  const auto reply = [self = shared_from_this()](Response response) {
    asio::post(self->stream_.get_executor(),
               [self, response = std::move(response)]() mutable { self->write(std::move(response)); });
  };
  try {
    shared_.service.handle(request_of(parser_->release()), shared_.post, reply);
  } catch (...) {
    write(current_error_response());  // the target alone was wrong
  }
}

// Where a request did not arrive: what is wrong with it, as far as there is somebody to tell.
void Session::refuse_unread(const beast::error_code& error) {
  keeps_alive_ = false;
  if (error == http::error::body_limit) {
    return write(
        error_response(413, "expected a body of at most " + std::to_string(shared_.settings.most_bytes) + " bytes"));
  }
  if (error == http::error::header_limit) return write(error_response(431, "the header is too long"));
  if (error == beast::error::timeout) return close();  // the socket is closed by then
  if (error == http::error::end_of_stream ||
      error.category() != http::make_error_code(http::error::bad_line_ending).category()) {
    return close();
  }
  write(error_response(400, "no HTTP request: " + error.message()));
}

void Session::write(Response response) {
  if (shared_.is_draining) keeps_alive_ = false;
  message_.emplace(static_cast<http::status>(response.status), 11);
  message_->set(http::field::server, "sshost");
  message_->set(http::field::content_type, response.type);
  message_->set("X-Content-Type-Options", "nosniff");
  if (response.status == 401) message_->set(http::field::www_authenticate, "Bearer");
  for (const auto& [name, value] : response.headers) message_->set(name, value);
  message_->keep_alive(keeps_alive_);
  message_->content_length(response.body.size());
  if (!is_head_) message_->body() = std::move(response.body);
  stream_.expires_after(std::chrono::seconds(shared_.settings.seconds));
  const auto done = [self = shared_from_this()](beast::error_code error, size_t) { self->on_written(error); };
  http::async_write(stream_, *message_, done);
}

void Session::on_written(const beast::error_code& error) {
  message_.reset();
  claim_.reset();
  if (error) return close();
  if (!keeps_alive_) {
    stream_.expires_after(std::chrono::seconds(2));
    return linger();
  }
  is_head_ = false;
  read_header();
}

// What is closed with bytes unread makes the client's kernel throw away the answer: they are read and dropped for a
// moment.
void Session::linger() {
  beast::error_code ignored;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, ignored);
  buffer_.clear();
  stream_.async_read_some(buffer_.prepare(1 << 16), [self = shared_from_this()](beast::error_code error, size_t) {
    error ? self->close() : self->linger();
  });
}

void Session::close() {
  stream_.close();
  last_chance_.cancel();
}

}  // namespace sshost::serve
