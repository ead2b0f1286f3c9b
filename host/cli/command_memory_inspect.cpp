#include <ATen/ATen.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "cli/arguments.h"
#include "cli/commands.h"
#include "cli/memory_file.h"
#include "cli/session.h"
#include "output/mask_image.h"
#include "report/html.h"
#include "report/page.h"
#include "report/similarity.h"

namespace sshost::cli {
namespace {

constexpr int64_t kShownNumbers = 8;  // shorter vectors are shown number by number

struct Arguments {
  std::string file;
  std::vector<std::string> trust;
  std::string picture;
  int64_t nearest = 3;
};

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

int inspect(const Arguments& arguments) {
  Session session(false);
  report::Console& console = session.console();
  const MemoryFile file = read_memory_files(session, {arguments.file}, arguments.trust)[0];
  console.line(title_of(file));
  for (size_t m = 0; m < file.memories.size(); ++m) {
    const checkpoint::ClassMemory& memory = file.memories[m];
    const at::Tensor vectors = memory.vectors.flatten(0, 1);
    const std::vector<std::string> names = vector_names(file, memory);
    const checkpoint::Similarity similarity = checkpoint::similarity(vectors);
    const report::Table table = table_of(names, vectors, similarity, arguments.nearest);
    console.line(title_of(memory));
    say(console, table);
    if (arguments.picture.empty()) continue;
    const std::string path = numbered(arguments.picture, m);
    draw(path, memory.name, title_of(file), map_of(names, similarity), table);
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
  add_trust_option(command, arguments->trust);
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
