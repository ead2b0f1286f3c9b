#include "soak/run_lines.h"

#include <algorithm>
#include <fstream>
#include <string>

#include "temp_folder.h"

namespace sshost::soak {

std::vector<nlohmann::json> lines_of(const std::filesystem::path& run, const std::string& kind) {
  const std::string text = test::read_bytes(run / "metrics.jsonl");
  std::vector<nlohmann::json> lines;
  for (size_t begin = 0, end = 0; (end = text.find('\n', begin)) != std::string::npos; begin = end + 1) {
    nlohmann::json line = nlohmann::json::parse(text.substr(begin, end - begin));
    if (line.at("kind") == kind) lines.push_back(std::move(line));
  }
  return lines;
}

// Reads the end of the file alone, since it is asked all the time while the run goes on.
int64_t last_step(const std::filesystem::path& run) {
  constexpr std::streamoff kSeveralLines = 4096;
  std::ifstream file(run / "metrics.jsonl", std::ios::ate);
  const std::streamoff from = std::max<std::streamoff>(file.tellg() - kSeveralLines, 0);
  file.seekg(from);
  std::string line;
  if (from > 0) std::getline(file, line);  // the rest of a line
  int64_t step = 0;
  while (std::getline(file, line) && !file.eof()) step = nlohmann::json::parse(line).at("step");
  return step;
}

}  // namespace sshost::soak
