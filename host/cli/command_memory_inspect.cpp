#include <ATen/ATen.h>

#include <algorithm>
#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "checkpoint/atomic_file.h"
#include "cli/commands.h"
#include "cli/memory_file.h"
#include "cli/session.h"
#include "error.h"
#include "output/mask_image.h"
#include "report/html.h"
#include "report/similarity.h"

namespace sshost::cli {
namespace {

constexpr int64_t kShownNumbers = 8;  // shorter vectors are shown number by number

struct Arguments {
  std::string file;
  std::string picture;
  int64_t nearest = 3;
};

// What is told of one vector.
struct Row {
  std::string name;
  std::string values;   // its norm, or its few numbers
  std::string nearest;  // "0.91 building, 0.85 tree"
};

// What stands above the rows.
Row heads_of(const engine::Similarity& similarity) {
  return {"class", similarity.is_cosine ? "norm" : "values",
          similarity.is_cosine ? "nearest (cosine)" : "nearest (distance)"};
}

std::string values_of(const at::Tensor& vector) {
  if (vector.norm().item<double>() == 0) return "never seen";
  if (vector.size(0) >= kShownNumbers) return report::number(vector.norm().item<double>());
  std::string text;
  for (int64_t i = 0; i < vector.size(0); ++i) {
    text += (i == 0 ? "" : "  ") + report::number(vector[i].item<double>());
  }
  return text;
}

std::vector<Row> rows_of(const std::vector<std::string>& names, const at::Tensor& vectors,
                         const engine::Similarity& similarity, int64_t count) {
  std::vector<Row> rows{heads_of(similarity)};
  for (int64_t i = 0; i < vectors.size(0); ++i) {
    Row row{names[static_cast<size_t>(i)], values_of(vectors[i]), ""};
    const bool is_known = (vectors[i] != 0).any().item<bool>();
    for (const int64_t other : is_known ? engine::nearest(similarity, vectors, i, count) : std::vector<int64_t>{}) {
      row.nearest += (row.nearest.empty() ? "" : ", ") + report::number(similarity.values[i][other].item<double>(), 3) +
                     " " + names[static_cast<size_t>(other)];
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

void say(report::Console& console, const std::vector<Row>& rows) {
  std::vector<std::string> names, values;
  for (const Row& row : rows) {
    names.push_back(row.name);
    values.push_back(row.values);
  }
  const size_t name = width_of(names) + 2, value = width_of(values) + 2;
  for (const Row& row : rows) console.line("  " + padded(row.name, name) + padded(row.values, value) + row.nearest);
}

std::string table_of(const std::vector<Row>& rows) {
  std::string html = "<h2>Classes</h2><div class=\"card tablebox\"><table>";
  for (const Row& row : rows) {
    const char* cell = &row == &rows.front() ? "th>" : "td>";
    html += "<tr>";
    for (const std::string& text : {row.name, row.values, row.nearest}) {
      html += std::string("<") + cell + report::escape(text) + "</" + cell;
    }
    html += "</tr>";
  }
  return html + "</table></div>";
}

report::SimilarityMap map_of(const std::vector<std::string>& names, const engine::Similarity& similarity) {
  const at::Tensor values = similarity.values.contiguous();
  const auto side = static_cast<int>(values.size(0));
  const cv::Mat view(side, side, CV_64F, const_cast<double*>(values.const_data_ptr<double>()));
  return {names, view.clone(), !similarity.is_cosine};
}

void draw(const std::string& path, const std::string& title, const std::string& subtitle,
          const report::SimilarityMap& map, const std::string& table) {
  if (std::filesystem::path(path).extension() == ".html") {
    checkpoint::write_file(path, report::similarity_page(title, subtitle, map, table));
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

int inspect(const Arguments& arguments) {
  Session session(false);
  report::Console& console = session.console();
  const MemoryFile file = read_memory_files(session, {arguments.file})[0];
  console.line(title_of(file));
  for (size_t m = 0; m < file.memories.size(); ++m) {
    const engine::ClassMemory& memory = file.memories[m];
    const at::Tensor vectors = memory.vectors.flatten(0, 1);
    const std::vector<std::string> names = vector_names(file, memory);
    const engine::Similarity similarity = engine::similarity(vectors);
    const std::vector<Row> rows = rows_of(names, vectors, similarity, arguments.nearest);
    console.line(title_of(memory));
    say(console, rows);
    if (arguments.picture.empty()) continue;
    const std::string path = numbered(arguments.picture, m);
    draw(path, memory.name, title_of(file), map_of(names, similarity), table_of(rows));
    console.line("picture: " + path);
  }
  return kDone;
}

}  // namespace

void add_memory_inspect_command(Command memory) {
  const auto arguments = std::make_shared<Arguments>();
  Command command =
      memory.add_command("inspect", "Show what a model's memory holds of every class, and which are alike");
  command.add_option("checkpoint", arguments->file, "A checkpoint of a model with a memory")
      .type_name("FILE")
      .required();
  command.add_option("--nearest", arguments->nearest, "How many of the most similar classes are named")
      .range(0, 100)
      .show_default();
  command
      .add_option("--picture", arguments->picture,
                  "Draw the similarity of all pairs: .html for a page to point into, else PNG or JPEG")
      .type_name("FILE");
  command.footer(
      "Vectors are compared by the cosine of their angle; those of fewer than 8 numbers, as a mean with its deviation, "
      "by\n"
      "their distance.\n"
      "Examples:\n"
      "  sshost memory inspect step-001000.safetensors\n"
      "  sshost memory inspect step-001000.safetensors --nearest 5 --picture memory.html");
  command.runs([arguments] { return inspect(*arguments); });
}

}  // namespace sshost::cli
