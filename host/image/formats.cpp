#include "image/formats.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "base/error.h"
#include "image/png_rows.h"
#include "image/tiff_rows.h"

namespace sshost::image {
namespace {

using std::string_view_literals::operator""sv;
using Head = std::span<const uint8_t>;

constexpr const char* kKnown = "JPEG, PNG, TIFF, WebP, BMP or PNM";

bool has(Head head, size_t offset, std::string_view bytes) {
  if (head.size() < offset + bytes.size()) return false;
  return std::equal(bytes.begin(), bytes.end(), head.begin() + static_cast<ptrdiff_t>(offset),
                    [](char expected, uint8_t found) { return static_cast<uint8_t>(expected) == found; });
}

bool is_jpeg(Head head) { return has(head, 0, "\xFF\xD8\xFF"sv); }
bool is_png(Head head) { return has(head, 0, "\x89PNG\r\n\x1a\n"sv); }
bool is_tiff(Head head) {
  return has(head, 0, "II*\0"sv) || has(head, 0, "MM\0*"sv) || has(head, 0, "II+\0"sv) || has(head, 0, "MM\0+"sv);
}
bool is_webp(Head head) { return has(head, 0, "RIFF"sv) && has(head, 8, "WEBP"sv); }
bool is_bmp(Head head) { return has(head, 0, "BM"sv); }
bool is_pnm(Head head) {
  return head.size() >= 3 && head[0] == 'P' && head[1] >= '1' && head[1] <= '6' && std::isspace(head[2]) != 0;
}

constexpr std::array kFormats = {
    Format{"JPEG", is_jpeg, open_jpeg, nullptr},        Format{"PNG", is_png, open_png, open_png_rows},
    Format{"TIFF", is_tiff, open_tiff, open_tiff_rows}, Format{"WebP", is_webp, open_webp, nullptr},
    Format{"BMP", is_bmp, open_bmp, nullptr},           Format{"PNM", is_pnm, open_pnm, nullptr},
};

// What people have beside these, told by bytes at an offset.
struct Refused {
  size_t offset;
  std::string_view bytes;
  const char* name;
  const char* advice = "convert it to PNG, TIFF or JPEG";
};

constexpr std::array kRefused = {
    Refused{
        0, "GIF8"sv, "a GIF image",
        "convert it to PNG; of a label, by a program that keeps the numbers: "
        "python3 -c \"from PIL import Image; Image.open('a.gif').save('a.png')\" (others may order its palette anew)"},
    Refused{4, "ftypavi"sv, "an AVIF image"},
    Refused{4, "ftyphei"sv, "a HEIC image", "convert it to JPEG, as the telephone's export does"},
    Refused{4, "ftyphev"sv, "a HEIC image", "convert it to JPEG, as the telephone's export does"},
    Refused{4, "ftypmif"sv, "a HEIC or AVIF image", "convert it to JPEG"},
    Refused{4, "ftyp"sv, "a video", "take its frames out of it as PNG or JPEG"},
    Refused{4, "jP  \r\n"sv, "a JPEG 2000 image"},
    Refused{0, "\xFF\x4F\xFF\x51"sv, "a JPEG 2000 image"},
    Refused{0, "\xFF\x0A"sv, "a JPEG XL image"},
    Refused{4, "JXL \r\n"sv, "a JPEG XL image"},
    Refused{0, "\x76\x2F\x31\x01"sv, "an OpenEXR image"},
    Refused{0, "#?RADIANCE"sv, "a Radiance HDR image"},
    Refused{0, "#?RGBE"sv, "a Radiance HDR image"},
    Refused{0, "P7"sv, "a PAM image"},
    Refused{0, "PF"sv, "a PFM image"},
    Refused{0, "Pf"sv, "a PFM image"},
    Refused{0, "\x59\xA6\x6A\x95"sv, "a Sun raster image"},
    Refused{0, "8BPS"sv, "a Photoshop document"},
    Refused{128, "DICM"sv, "a DICOM file"},
    Refused{0, "\x89HDF"sv, "an HDF5 file"},
    Refused{0, "\x93NUMPY"sv, "a NumPy array"},
    Refused{0, "%PDF"sv, "a PDF document"},
    Refused{0, "<"sv, "XML or HTML, such as an SVG, a VRT, or a server's answer", "see what wrote it"},
    Refused{0, "version https://git-lfs"sv, "a pointer of Git LFS", "run: git lfs pull"},
};

struct FirstBytes {
  explicit FirstBytes(const Source& source) : count(source.read(0, bytes.data(), bytes.size())) {}
  Head view() const { return Head(bytes).first(count); }

  std::array<uint8_t, 132> bytes;  // so many tell a format
  size_t count;
};

const Format* find(Head head) {
  const auto* found = std::find_if(kFormats.begin(), kFormats.end(), [&](const Format& f) { return f.matches(head); });
  return found == kFormats.end() ? nullptr : found;
}

}  // namespace

const Format* find_format(const Source& source) { return find(FirstBytes(source).view()); }

const Format& format_of(const Source& source) {
  const FirstBytes first(source);
  const Head head = first.view();
  if (head.empty()) throw Error("the file is empty");
  if (const Format* known = find(head)) return *known;
  const std::string cannot = "cannot be decoded: ";
  for (const auto& [offset, bytes, name, advice] : kRefused) {
    if (has(head, offset, bytes)) throw Error(cannot + "it is " + name + ", expected " + kKnown + "; " + advice);
  }
  throw Error(cannot + "its first bytes are not those of " + kKnown);
}

}  // namespace sshost::image
