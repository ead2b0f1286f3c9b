// segment_folder MODEL FOLDER OUTPUT: every JPEG and PNG of a folder under its classes' colours.
#include <filesystem>
#include <iostream>
#include <opencv2/imgcodecs.hpp>
#include <opencv2/imgproc.hpp>
#include <sshost/api.hpp>

namespace fs = std::filesystem;

cv::Mat overlay(const sshost::Model& model, const cv::Mat& photo) {
  const sshost::Map classes =
      model.predict(sshost::Image::bgr(photo.data, photo.rows, photo.cols, static_cast<int64_t>(photo.step)));
  cv::Mat colors(photo.size(), CV_8UC3);
  for (int row = 0; row < photo.rows; ++row) {
    for (int column = 0; column < photo.cols; ++column) {
      const uint32_t rgb = model.class_color(classes.at<uint8_t>(row, column));
      colors.at<cv::Vec3b>(row, column) = cv::Vec3b(rgb & 0xff, rgb >> 8 & 0xff, rgb >> 16);
    }
  }
  cv::Mat mixed;
  cv::addWeighted(photo, 0.5, colors, 0.5, 0, mixed);
  return mixed;
}

int main(int count, char** arguments) try {
  if (count != 4) {
    std::cerr << "usage: segment_folder MODEL FOLDER OUTPUT\n";
    return 2;
  }
  const sshost::Model model(arguments[1]);
  fs::create_directories(arguments[3]);
  for (const auto& entry : fs::directory_iterator(arguments[2])) {
    const cv::Mat photo = cv::imread(entry.path().string());
    if (photo.empty()) continue;  // no image
    cv::imwrite((fs::path(arguments[3]) / entry.path().filename()).replace_extension(".png").string(),
                overlay(model, photo));
    std::cout << entry.path().string() << '\n';
  }
} catch (const std::exception& error) {
  std::cerr << error.what() << '\n';
  return 1;
}
