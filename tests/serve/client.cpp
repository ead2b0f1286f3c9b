#include "serve/client.h"

#include <sys/socket.h>
#include <sys/time.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <limits>

namespace sshost::serve {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

struct Client::State {
  asio::io_context context;
  tcp::socket socket{context};
  beast::flat_buffer buffer;
};

Client::Client(uint16_t port) : state_(std::make_unique<State>()) {
  state_->socket.connect({asio::ip::address_v4::loopback(), port});
  const timeval limit{30, 0};
  for (const int option : {SO_RCVTIMEO, SO_SNDTIMEO}) {
    setsockopt(state_->socket.native_handle(), SOL_SOCKET, option, &limit, sizeof limit);
  }
}

Client::~Client() = default;
Client::Client(Client&& other) noexcept = default;

Answer Client::send(const std::string& method, const std::string& target, const std::string& body,
                    const Headers& headers) {
  std::string text = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n";
  for (const auto& [name, value] : headers) text += name + ": " + value + "\r\n";
  if (method == "POST") text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
  write(text + "\r\n" + body);
  return read();
}

void Client::write(const std::string& bytes) {
  beast::error_code ignored;  // the server may have seen enough
  asio::write(state_->socket, asio::buffer(bytes), ignored);
}

Answer Client::read() {
  http::response_parser<http::string_body> parser;
  parser.body_limit(std::numeric_limits<uint64_t>::max());
  beast::error_code error;
  http::read(state_->socket, state_->buffer, parser, error);
  if (error) return {};
  Answer answer{static_cast<int>(parser.get().result_int()), {}, parser.get().body()};
  for (const auto& field : parser.get()) {
    answer.headers[std::string(field.name_string())] = std::string(field.value());
  }
  return answer;
}

}  // namespace sshost::serve
