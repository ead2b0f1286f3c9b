#include "shapes.h"

#include <sshost/error.hpp>
#include <sshost/regular_file.hpp>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>

#include "stored_mask.h"

namespace labelme {

namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 16;
constexpr int64_t kMostPixels = 131072;  // of a side: no image is so large

// The image itself may stand in the file, as text: it is dropped as it is read, and "imageData" is true then.
Json parse(const std::filesystem::path& path) {
  std::ifstream file = ss::open_regular_file(path);
  if (!file.is_open()) throw ss::Error(path.string() + ": cannot be opened", SS_IO);
  bool is_image = false;
  const auto keep = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > kDeepest) throw ss::Error(path.string() + ": is nested too deeply", SS_IO);
    if (event == Json::parse_event_t::key) is_image = depth == 1 && value == "imageData";
    if (is_image && depth == 1 && event == Json::parse_event_t::value) value = value.is_string();
    return true;
  };
  try {
    return Json::parse(file, keep);
  } catch (const Json::exception& error) {
    const std::string what = error.what();
    const bool is_text = what.find("ill-formed UTF-8") != std::string::npos;  // written by an old labelme on Windows
    throw ss::Error(
        path.string() + ": is no JSON: " + (is_text ? "its text is not UTF-8; save it as that: " : "") + what, SS_IO);
  }
}

// Files of old versions have none.
std::string type_of(const Json& shape) {
  const auto type = shape.find("shape_type");
  return type == shape.end() || type->is_null() ? "polygon" : type->get<std::string>();
}

std::vector<double> points_of(const Json& shape) {
  std::vector<double> points;
  for (const Json& point : shape.at("points")) {
    points.push_back(point.at(0).get<double>());
    points.push_back(point.at(1).get<double>());
  }
  return points;
}

// Two points are corners of a box that is filled by the pixels of a PNG.
std::vector<Span> mask_area(const std::vector<double>& points, const Json& shape, const PictureSize& size) {
  const std::vector<Span> box = rectangle_area(points, {kMostPixels, kMostPixels});
  const auto left = static_cast<int64_t>(std::min(points[0], points[2]));
  const auto top = static_cast<int64_t>(std::min(points[1], points[3]));
  if (box.empty() || left < 0 || top < 0) throw ss::Error("is a mask that begins outside of the image");
  const auto height = static_cast<int64_t>(box.size());
  const int64_t width = box.front().last - left + 1;
  if (height > 2 * size.height || width > 2 * size.width) {  // before a PNG of few bytes unpacks to so many pixels
    throw ss::Error("is a mask of " + std::to_string(width) + " x " + std::to_string(height) +
                    " pixels, more than its image has");
  }
  const std::vector<bool> inside = read_stored_mask(shape.at("mask").get<std::string>(), height, width);
  std::vector<Span> area;
  for (int64_t y = 0; y < std::min(height, size.height - top); ++y) {
    for (int64_t x = 0; x < std::min(width, size.width - left); ++x) {
      if (inside[static_cast<std::size_t>(y * width + x)]) area.push_back({top + y, left + x, left + x});
    }
  }
  return area;
}

std::vector<Span> area_of(const Json& shape, const PictureSize& size) {
  // Tools that write labelme's files have names of their own for four-sided polygons, and give boxes four corners.
  static const std::set<std::string> polygons{"polygon", "rotation", "oriented_rectangle", "quadrilateral"};
  static const std::set<std::string> of_two_points{"rectangle", "circle", "mask"};
  const std::string type = type_of(shape);
  const std::vector<double> points = points_of(shape);
  const bool is_polygon = polygons.contains(type) || (type == "rectangle" && points.size() == 8);
  if (!is_polygon && !of_two_points.contains(type)) {
    throw ss::Error("is a \"" + type + "\", which is not read here; expected polygon, rectangle, circle or mask");
  }
  if (is_polygon ? points.size() < 6 : points.size() != 4) {
    throw ss::Error("is a " + type + " of " + std::to_string(points.size() / 2) + " points");
  }
  if (is_polygon) return polygon_area(points, size);
  if (type == "mask") return mask_area(points, shape, size);
  return type == "circle" ? circle_area(points, size) : rectangle_area(points, size);
}

bool has_area(const Json& shape) {
  static const std::set<std::string> without{"point", "points", "line", "linestrip"};
  return !without.contains(type_of(shape));
}

int64_t size_of(const Json& file, const char* key) {
  const auto found = file.find(key);
  return found != file.end() && found->is_number() ? found->get<int64_t>() : 0;
}

Drawing read(const std::filesystem::path& path, const std::optional<PictureSize>& size) {
  const Json file = parse(path);
  if (!file.is_object() || !file.contains("shapes") || !file.contains("imagePath")) {
    throw ss::Error(path.string() + ": is no file of labelme; expected \"shapes\" and \"imagePath\"", SS_IO);
  }
  Drawing drawing{"", size_of(file, "imageHeight"), size_of(file, "imageWidth"), {}};
  const auto data = file.find("imageData");
  drawing.holds_image = data != file.end() && *data == true;
  int number = 0;
  try {
    drawing.image_path = file.at("imagePath").get<std::string>();
    for (const Json& shape : file.at("shapes")) {
      ++number;
      const bool counts = has_area(shape);
      drawing.without_area += !counts;
      if (counts && size) drawing.shapes.push_back({shape.at("label").get<std::string>(), area_of(shape, *size)});
    }
  } catch (const std::exception& error) {
    throw ss::Error(path.string() + ": shape " + std::to_string(number) + ": " + error.what(), SS_IO);
  }
  return drawing;
}

}  // namespace

Drawing read_heading(const std::filesystem::path& path) { return read(path, std::nullopt); }

Drawing read_drawing(const std::filesystem::path& path, const PictureSize& size) { return read(path, size); }

}  // namespace labelme
