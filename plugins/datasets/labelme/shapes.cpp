#include "shapes.h"

#include <sshost/error.hpp>
#include <sshost/regular_file.hpp>

#include <cmath>
#include <nlohmann/json.hpp>
#include <numbers>
#include <set>

namespace labelme {

namespace {

using Json = nlohmann::json;

constexpr int kDeepest = 16;

// The image itself may stand in the file, as text: it is dropped as it is read.
Json parse(const std::filesystem::path& path) {
  std::ifstream file = ss::open_regular_file(path);
  if (!file.is_open()) throw ss::Error(path.string() + ": cannot be opened", SS_IO);
  bool is_image = false;
  const auto keep = [&](int depth, Json::parse_event_t event, Json& value) {
    if (depth > kDeepest) throw ss::Error(path.string() + ": is nested too deeply", SS_IO);
    if (event == Json::parse_event_t::key) is_image = depth == 1 && value == "imageData";
    return !(event == Json::parse_event_t::key && is_image);
  };
  try {
    return Json::parse(file, keep);
  } catch (const Json::exception& error) {
    throw ss::Error(path.string() + ": is no JSON: " + error.what(), SS_IO);
  }
}

std::vector<double> rectangle(const std::vector<double>& corners) {
  const double left = corners[0], top = corners[1], right = corners[2], bottom = corners[3];
  return {left, top, right, top, right, bottom, left, bottom};
}

// Of a point in the middle and one on the outline.
std::vector<double> circle(const std::vector<double>& points) {
  constexpr int kCorners = 128;
  const double radius = std::hypot(points[2] - points[0], points[3] - points[1]);
  std::vector<double> polygon;
  for (int corner = 0; corner < kCorners; ++corner) {
    const double angle = 2 * std::numbers::pi * corner / kCorners;
    polygon.push_back(points[0] + radius * std::cos(angle));
    polygon.push_back(points[1] + radius * std::sin(angle));
  }
  return polygon;
}

std::vector<double> points_of(const Json& shape) {
  std::vector<double> points;
  for (const Json& point : shape.at("points")) {
    points.push_back(point.at(0).get<double>());
    points.push_back(point.at(1).get<double>());
  }
  return points;
}

std::vector<double> outline_of(const std::string& type, const std::vector<double>& points) {
  const std::size_t expected = type == "polygon" ? 6 : 4;
  if (type != "polygon" && type != "rectangle" && type != "circle") {
    throw ss::Error("is a \"" + type + "\", which is not read here; expected polygon, rectangle or circle");
  }
  if (points.size() < expected || (type != "polygon" && points.size() != 4)) {
    throw ss::Error("is a " + type + " of " + std::to_string(points.size() / 2) + " points");
  }
  return type == "rectangle" ? rectangle(points) : type == "circle" ? circle(points) : points;
}

void add_shape(const Json& shape, Drawing& drawing) {
  static const std::set<std::string> without_area{"point", "points", "line", "linestrip"};
  const std::string type = shape.value("shape_type", "polygon");
  if (without_area.contains(type)) return;
  drawing.shapes.push_back({shape.at("label").get<std::string>(), outline_of(type, points_of(shape))});
}

int64_t size_of(const Json& file, const char* key) {
  const auto found = file.find(key);
  return found != file.end() && found->is_number() ? found->get<int64_t>() : 0;
}

}  // namespace

Drawing read_drawing(const std::filesystem::path& path) {
  const Json file = parse(path);
  if (!file.is_object() || !file.contains("shapes") || !file.contains("imagePath")) {
    throw ss::Error(path.string() + ": is no file of labelme; expected \"shapes\" and \"imagePath\"", SS_IO);
  }
  Drawing drawing{"", size_of(file, "imageHeight"), size_of(file, "imageWidth"), {}};
  int number = 0;
  try {
    drawing.image_path = file.at("imagePath").get<std::string>();
    for (const Json& shape : file.at("shapes")) {
      ++number;
      add_shape(shape, drawing);
    }
  } catch (const std::exception& error) {
    throw ss::Error(path.string() + ": shape " + std::to_string(number) + ": " + error.what(), SS_IO);
  }
  return drawing;
}

}  // namespace labelme
