#include "mat_stream.h"

#include <zlib.h>

#include <sshost/error.hpp>

#include <algorithm>
#include <limits>

namespace cocostuff10k {

namespace {

[[noreturn]] void end_too_early() { throw ss::Error("is cut short, or damaged", SS_IO); }

class PlainStream final : public MatStream {
 public:
  explicit PlainStream(std::string_view bytes) : left_(bytes) {}

  void read(void* out, std::size_t bytes) override {
    if (bytes > left_.size()) end_too_early();
    std::copy_n(left_.data(), bytes, static_cast<char*>(out));
    left_.remove_prefix(bytes);
  }

 private:
  std::string_view left_;
};

class CompressedStream final : public MatStream {
 public:
  explicit CompressedStream(std::string_view bytes) {
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));  // zlib only reads it
    stream_.avail_in = static_cast<uInt>(std::min<std::size_t>(bytes.size(), std::numeric_limits<uInt>::max()));
    if (inflateInit(&stream_) != Z_OK) throw std::bad_alloc();
  }
  ~CompressedStream() override { inflateEnd(&stream_); }
  CompressedStream(const CompressedStream&) = delete;
  CompressedStream& operator=(const CompressedStream&) = delete;

  void read(void* out, std::size_t bytes) override {
    if (bytes > std::numeric_limits<uInt>::max()) end_too_early();
    stream_.next_out = static_cast<Bytef*>(out);
    stream_.avail_out = static_cast<uInt>(bytes);
    while (stream_.avail_out > 0) {
      const int status = inflate(&stream_, Z_NO_FLUSH);
      if (status != Z_OK && (status != Z_STREAM_END || stream_.avail_out > 0)) end_too_early();
    }
  }

 private:
  z_stream stream_{};
};

}  // namespace

std::unique_ptr<MatStream> open_plain(std::string_view bytes) { return std::make_unique<PlainStream>(bytes); }

std::unique_ptr<MatStream> open_compressed(std::string_view bytes) { return std::make_unique<CompressedStream>(bytes); }

}  // namespace cocostuff10k
