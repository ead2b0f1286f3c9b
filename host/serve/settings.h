#ifndef SSHOST_SERVE_SETTINGS_H
#define SSHOST_SERVE_SETTINGS_H

#include <cstdint>
#include <string>

namespace sshost::serve {

// What a server takes, and how much of it.
struct Settings {
  std::string address = "127.0.0.1";
  uint16_t port = 8000;    // 0: any that is free
  std::string token = {};  // that requests have to show; empty: none

  uint64_t most_bytes = uint64_t{64} << 20;         // of a request's body
  uint64_t most_bytes_at_once = uint64_t{1} << 30;  // of all bodies that are being read or answered
  int64_t most_pixels = int64_t{1} << 24;           // of an image
  int64_t seconds = 30;                             // for a request to arrive, to be worked on, and to be taken
  int64_t idle_seconds = 60;                        // that a connection may stay without a request
  int64_t connections = 1024;
  int64_t queue = 64;     // images that wait
  int64_t batch = 8;      // images that go through the model together, of one size
  int64_t gather_ms = 2;  // that the first of them waits for others
};

}  // namespace sshost::serve

#endif  // SSHOST_SERVE_SETTINGS_H
