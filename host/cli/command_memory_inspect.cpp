#include <ATen/TensorOperators.h>
#include <ATen/core/Tensor.h>

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/memory_text.h"
#include "cli/session.h"
#include "cli/streams.h"
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

// A memory's vectors as tables: for a person, for a script, and as a picture.
struct Inspected {
  const checkpoint::ClassMemory& memory;
  at::Tensor vectors;
  std::vector<std::string> names;
  checkpoint::Similarity similarity;
  report::Table table;
};

Inspected look_at(const app::MemoryFile& file, const checkpoint::ClassMemory& memory, int64_t nearest) {
  Inspected seen{memory, memory.vectors.flatten(0, 1), vector_names(file, memory), {}, {}};
  seen.similarity = checkpoint::similarity(seen.vectors);
  seen.table = table_of(seen.names, seen.vectors, seen.similarity, nearest);
  return seen;
}

nlohmann::json to_json(const Inspected& seen, int64_t nearest) {
  return {{"name", seen.memory.name},
          {"vectors_per_class", seen.memory.vectors.size(1)},
          {"width", seen.memory.vectors.size(2)},
          {"vectors", to_json(seen.names, seen.vectors, seen.similarity, nearest)}};
}

void print(report::Console& console, const Inspected& seen) {
  console.line(title_of(seen.memory));
  say(console, seen.table);
}

}  // namespace

int inspect_memory(const MemoryInspectArguments& arguments) {
  Session session(arguments.talk);
  const app::MemoryFile file = app::read_memory_files({arguments.file}, arguments.trust, session.shared_log())[0];
  if (!session.is_json()) session.console().line(title_of(file));
  nlohmann::json memories = nlohmann::json::array();
  for (size_t m = 0; m < file.memories.size(); ++m) {
    const Inspected seen = look_at(file, file.memories[m], arguments.nearest);
    if (session.is_json()) {
      memories.push_back(to_json(seen, arguments.nearest));
    } else {
      print(session.console(), seen);
    }
    if (arguments.picture.empty()) continue;
    const std::string path = numbered(arguments.picture, m);
    draw(path, seen.memory.name, title_of(file), map_of(seen.names, seen.similarity), seen.table);
    session.log().info("picture: " + path);
  }
  if (session.is_json()) {
    print_document({{"checkpoint", file.path}, {"step", file.info.step}, {"memories", memories}});
  }
  return kDone;
}

}  // namespace sshost::cli
