#include "draft/bystanders.h"

#include <algorithm>
#include <map>

#include "base/error.h"
#include "base/lower_case.h"
#include "base/utf8.h"
#include "file/regular_file.h"
#include "image/image_file.h"

namespace sshost::draft {

namespace {

namespace fs = std::filesystem;

struct Kind {
  size_t files = 0;
  fs::path example;
};

// By folder and ending, in lower case.
std::map<std::pair<std::string, std::string>, Kind> kinds_in(const fs::path& folder) {
  constexpr size_t kMost = 200'000;  // files
  std::map<std::pair<std::string, std::string>, Kind> kinds;
  size_t seen = 0;
  std::error_code stop;
  for (fs::recursive_directory_iterator each(folder, fs::directory_options::skip_permission_denied, stop), end;
       each != end && !stop && seen < kMost; each.increment(stop), ++seen) {
    std::error_code unknown;
    if (!each->is_regular_file(unknown) || each->path().filename().string().starts_with('.')) continue;
    Kind& kind = kinds[{each->path().parent_path().string(), lower_case(each->path().extension().string())}];
    if (kind.files++ == 0 || each->path() < kind.example) kind.example = each->path();
  }
  return kinds;
}

// A file's beginning; empty where it cannot be read.
std::string head_of(const fs::path& path) try {
  const file::RegularFile file(path);
  std::string head(std::min<uint64_t>(file.size(), 1U << 16), '\0');
  head.resize(file.read(0, head.data(), head.size()));
  return head;
} catch (const file::UnreadableFile&) {
  return {};
}

bool holds_numbers_alone(const std::string& text) {
  return !text.empty() && text.find_first_not_of("0123456789.eE+- \t\r\n") == std::string::npos;
}

std::string of_json(const fs::path& path) {
  const std::string head = head_of(path);
  if (head.size() < (1U << 16) && !is_utf8(head)) return "is not stored as UTF-8: save it as that";
  if (head.find("\"annotations\"") != std::string::npos || head.find("\"file_name\"") != std::string::npos) {
    return "looks like COCO's, but no image that it names is there";
  }
  return "";
}

// Why it cannot be decoded; empty where it can, as an image or as a label.
std::string of_image(const fs::path& path) {
  std::string reason;
  for (const image::Mode mode : {image::Mode::kLabel, image::Mode::kRgb}) {
    try {
      image::read_image(path, mode);
      return "";
    } catch (const Error& error) {
      const std::string text = error.what();
      const size_t at = text.find(": ");
      if (reason.empty()) reason = at == std::string::npos ? text : text.substr(at + 2);
    }
  }
  return reason;
}

std::string reason_of(const std::string& ending, const fs::path& example) {
  if (ending == ".json") return of_json(example);
  if (ending == ".txt" && holds_numbers_alone(head_of(example))) {
    return "holds numbers, as YOLO's outlines do, which are not read: write masks, or COCO's JSON";
  }
  if (ending == ".npy" || ending == ".mat" || ending == ".xml") return "is not read: store the labels as PNG";
  for (const char* image :
       {".png", ".jpg", ".jpeg", ".tif", ".tiff", ".bmp", ".webp", ".gif", ".jp2", ".pgm", ".ppm"}) {
    if (ending == image) return of_image(example);
  }
  return "";
}

}  // namespace

std::vector<std::string> bystanders(const fs::path& folder) {
  constexpr size_t kMostLines = 8;
  std::vector<std::string> lines;
  for (const auto& [where, kind] : kinds_in(folder)) {
    const std::string reason = lines.size() < kMostLines ? reason_of(where.second, kind.example) : "";
    if (reason.empty()) continue;
    lines.push_back(kind.example.string() +
                    (kind.files > 1 ? " (and " + std::to_string(kind.files - 1) + " more)" : "") + " " + reason);
  }
  return lines;
}

}  // namespace sshost::draft
