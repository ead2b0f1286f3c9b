// Writes images to begin with, one of each kind that is stored, into the folder that is given.
#include <webp/encode.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include "bridge/png_file.h"
#include "image/bmp_file.h"
#include "image/exif_data.h"
#include "image/jpeg_file.h"
#include "image/picture.h"
#include "image/tiff_file.h"
#include "temp_folder.h"

namespace {

using namespace sshost;
using namespace sshost::image::testing;
namespace fs = std::filesystem;

constexpr uint32_t kSide = 20;

void write_jpegs(const fs::path& folder) {
  JpegFile file{.width = kSide, .height = kSide, .pixels = picture(3, kSide, kSide)};
  file.exif = {'E', 'x', 'i', 'f', 0, 0};
  const auto exif = exif_data(6, true);
  file.exif.insert(file.exif.end(), exif.begin(), exif.end());
  test::write_bytes(folder / "a.jpg", jpeg_bytes(file));
  file.progressive = true;
  test::write_bytes(folder / "progressive.jpg", jpeg_bytes(file));
  JpegFile cmyk{.width = kSide, .height = kSide, .input = JCS_CMYK, .stored = JCS_YCCK};
  cmyk.pixels = picture(4, kSide, kSide);
  test::write_bytes(folder / "ycck.jpg", jpeg_bytes(cmyk));
}

void write_pngs(const fs::path& folder) {
  bridge::testing::PngFile file{kSide, kSide, 16, PNG_COLOR_TYPE_RGBA, true};
  file.rows = noise(8 * kSide * kSide);
  file.exif = exif_data(3, false);
  write_png(folder / "rgba16.png", file);
  bridge::testing::PngFile indices{kSide, kSide, 4, PNG_COLOR_TYPE_PALETTE};
  for (int i = 0; i < 16; ++i) indices.palette.push_back({static_cast<png_byte>(i), 7, 9});
  indices.rows = noise(kSide / 2 * kSide);
  write_png(folder / "palette4.png", indices);
}

void write_tiffs(const fs::path& folder) {
  const auto write = [&](const char* name, TiffFile file) {
    file.width = file.height = kSide;
    file.pixels = noise((size_t{kSide} * file.samples * file.bits + 7) / 8 * kSide);
    write_tiff(folder / name, file);
  };
  write("lzw.tif", {.compression = COMPRESSION_LZW});
  write("tiles.tif", {.tile = 16});
  write("deflate16.tif", {.bits = 16, .compression = COMPRESSION_ADOBE_DEFLATE, .mode = "wb"});
  write("planes.tif", {.planes = PLANARCONFIG_SEPARATE});
  write("bits.tif", {.bits = 1, .samples = 1, .photometric = PHOTOMETRIC_MINISBLACK});
  write("palette.tif", {.samples = 1, .photometric = PHOTOMETRIC_PALETTE});
  write("big.tif", {.mode = "w8"});
}

void write_webps(const fs::path& folder) {
  const std::vector<uint8_t> rgba = picture(4, kSide, kSide);
  uint8_t* bytes = nullptr;
  size_t count = WebPEncodeRGBA(rgba.data(), kSide, kSide, 4 * kSide, 60, &bytes);
  test::write_bytes(folder / "a.webp", {reinterpret_cast<char*>(bytes), count});
  WebPFree(bytes);
  count = WebPEncodeLosslessRGBA(rgba.data(), kSide, kSide, 4 * kSide, &bytes);
  test::write_bytes(folder / "lossless.webp", {reinterpret_cast<char*>(bytes), count});
  WebPFree(bytes);
}

void write_others(const fs::path& folder) {
  const BmpFile runs{7, 3, 8, 1, {{0, 0, 0}, {9, 9, 9}}, {}, {3, 1, 0, 4, 1, 0, 1, 0, 0, 0, 0, 2, 2, 1, 1, 0, 0, 1}};
  test::write_bytes(folder / "runs.bmp", bmp_bytes(runs));
  const BmpFile nibbles{7, 2, 4, 2, {{0, 0, 0}, {9, 9, 9}}, {}, {5, 0x10, 0, 0, 0, 3, 0x11, 0x10, 0, 1}};
  test::write_bytes(folder / "nibbles.bmp", bmp_bytes(nibbles));
  test::write_bytes(folder / "masks.bmp", bmp_bytes({2, 1, 16, 3, {}, {0xF800, 0x7E0, 0x1F}, {1, 2, 3, 4}}));
  test::write_bytes(folder / "a.bmp", bmp_bytes({1, 2, 24, 0, {}, {}, noise(8)}));
  test::write_bytes(folder / "bits.pbm", "P1 4 1 # a comment\n1 0 11");
  test::write_bytes(folder / "text.ppm", "P3\n2 1\n15\n1 2 3 4 5 15");
  test::write_bytes(folder / "deep.pgm", "P5 2 1 999\nabcd");
}

}  // namespace

int main(int count, char** arguments) {
  if (count != 2) {
    std::fputs("usage: image_seeds FOLDER\n", stderr);
    return EXIT_FAILURE;
  }
  const fs::path folder = arguments[1];
  fs::create_directories(folder);
  write_jpegs(folder);
  write_pngs(folder);
  write_tiffs(folder);
  write_webps(folder);
  write_others(folder);
  return EXIT_SUCCESS;
}
