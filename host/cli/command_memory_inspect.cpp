#include <ATen/ATen.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/memory_file.h"
#include "cli/session.h"
#include "cli/works.h"
#include "output/mask_image.h"
#include "report/html.h"
#include "report/page.h"
#include "report/similarity.h"

namespace sshost::cli {
namespace {

constexpr int64_t kShownNumbers = 8;  // shorter vectors are shown number by number

std::string values_of(const at::Tensor& vector) {
  if (vector.norm().item<double>() == 0) return "never seen";
  if (vector.size(0) >= kShownNumbers) return report::number(vector.norm().item<double>());
  std::string text;
  for (int64_t i = 0; i < vector.size(0); ++i) {
    text += (i == 0 ? "" : "  ") + report::number(vector[i].item<double>());
  }
  return text;
}

// "0.91 building, 0.85 tree"
std::string nearest_of(int64_t vector, const std::vector<std::string>& names, const at::Tensor& vectors,
                       const checkpoint::Similarity& similarity, int64_t count) {
  if (!(vectors[vector] != 0).any().item<bool>()) return {};
  std::string text;
  for (const int64_t other : checkpoint::nearest(similarity, vectors, vector, count)) {
    text += (text.empty() ? "" : ", ") + report::number(similarity.values[vector][other].item<double>(), 3) + " " +
            names[static_cast<size_t>(other)];
  }
  return text;
}

// A row for each vector: its name, its norm or its few numbers, and what is most like it.
report::Table table_of(const std::vector<std::string>& names, const at::Tensor& vectors,
                       const checkpoint::Similarity& similarity, int64_t count) {
  report::Table table{{"class", similarity.is_cosine ? "norm" : "values",
                       similarity.is_cosine ? "nearest (cosine)" : "nearest (distance)"},
                      {}};
  for (int64_t i = 0; i < vectors.size(0); ++i) {
    table.rows.push_back(
        {names[static_cast<size_t>(i)], values_of(vectors[i]), nearest_of(i, names, vectors, similarity, count)});
  }
  return table;
}

report::SimilarityMap map_of(const std::vector<std::string>& names, const checkpoint::Similarity& similarity) {
  const at::Tensor values = similarity.values.contiguous();
  const auto side = static_cast<int>(values.size(0));
  const cv::Mat view(side, side, CV_64F, const_cast<double*>(values.const_data_ptr<double>()));
  return {names, view.clone(), !similarity.is_cosine};
}

void draw(const std::string& path, const std::string& title, const std::string& subtitle,
          const report::SimilarityMap& map, const report::Table& table) {
  if (std::filesystem::path(path).extension() == ".html") {
    report::write_page(path, report::similarity_page(title, subtitle, map, "<h2>Classes</h2>" + to_html(table)));
  } else {
    output::write_image(path, report::draw_similarity(map));
  }
}

// "map.png" -> "map-2.png" for the second memory of a model.
std::string numbered(const std::string& path, size_t index) {
  if (index == 0) return path;
  std::filesystem::path numbered = path;
  numbered.replace_filename(numbered.stem().string() + "-" + std::to_string(index + 1) + numbered.extension().string());
  return numbered;
}

nlohmann::json to_json(const std::vector<std::string>& names, const at::Tensor& vectors,
                       const checkpoint::Similarity& similarity, int64_t count) {
  nlohmann::json rows = nlohmann::json::array();
  for (int64_t i = 0; i < vectors.size(0); ++i) {
    nlohmann::json nearest = nlohmann::json::array();
    for (const int64_t other : checkpoint::nearest(similarity, vectors, i, count)) {
      nearest.push_back({{"name", names[static_cast<size_t>(other)]},
                         {similarity.is_cosine ? "cosine" : "distance", similarity.values[i][other].item<double>()}});
    }
    const auto norm = vectors[i].norm().item<double>();
    rows.push_back({{"name", names[static_cast<size_t>(i)]}, {"seen", norm > 0}, {"norm", norm}, {"nearest", nearest}});
  }
  return rows;
}

}  // namespace

int inspect_memory(const MemoryInspectArguments& arguments) {
  Session session(arguments.talk);
  report::Console& console = session.console();
  const MemoryFile file = read_memory_files(session, {arguments.file}, arguments.trust)[0];
  nlohmann::json memories = nlohmann::json::array();
  if (!session.is_json()) console.line(title_of(file));
  for (size_t m = 0; m < file.memories.size(); ++m) {
    const checkpoint::ClassMemory& memory = file.memories[m];
    const at::Tensor vectors = memory.vectors.flatten(0, 1);
    const std::vector<std::string> names = vector_names(file, memory);
    const checkpoint::Similarity similarity = checkpoint::similarity(vectors);
    const report::Table table = table_of(names, vectors, similarity, arguments.nearest);
    if (session.is_json()) {
      memories.push_back({{"name", memory.name},
                          {"vectors_per_class", memory.vectors.size(1)},
                          {"width", memory.vectors.size(2)},
                          {"vectors", to_json(names, vectors, similarity, arguments.nearest)}});
    } else {
      console.line(title_of(memory));
      say(console, table);
    }
    if (arguments.picture.empty()) continue;
    const std::string path = numbered(arguments.picture, m);
    draw(path, memory.name, title_of(file), map_of(names, similarity), table);
    session.log().info("picture: " + path);
  }
  if (session.is_json()) {
    session.answer({{"checkpoint", file.path}, {"step", file.info.step}, {"memories", memories}});
  }
  return kDone;
}

}  // namespace sshost::cli
