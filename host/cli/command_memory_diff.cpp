#include <ATen/core/Tensor.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/memory_text.h"
#include "cli/session.h"
#include "cli/streams.h"
#include "cli/works.h"
#include "report/html.h"

namespace sshost::cli {
namespace {

// "0.12, at most 0.40 (road)"; vectors that were never seen before are left out.
std::string summary(const at::Tensor& relative, const std::vector<std::string>& names) {
  double sum = 0, most = -1;
  int64_t known = 0, at = 0;
  for (int64_t i = 0; i < relative.size(0); ++i) {
    const auto value = relative[i].item<double>();
    if (std::isnan(value)) continue;
    sum += value;
    ++known;
    if (value > most) most = value, at = i;
  }
  if (known == 0) return "nothing to compare";
  return report::number(sum / static_cast<double>(known), 3) + " on average, at most " + report::number(most, 3) +
         " (" + names[static_cast<size_t>(at)] + ")";
}

std::string norm_of(const at::Tensor& vector) { return report::number(vector.norm().item<double>()); }

report::Table table_of(const std::vector<std::string>& names, const at::Tensor& first, const at::Tensor& last) {
  const checkpoint::Drift drift = checkpoint::drift(first, last);
  report::Table table{{"class", "norm", "moved", "cosine"}, {}};
  for (int64_t i = 0; i < first.size(0); ++i) {
    table.rows.push_back({names[static_cast<size_t>(i)], norm_of(first[i]) + " -> " + norm_of(last[i]),
                          report::number(drift.relative[i].item<double>(), 3),
                          report::number(drift.cosine[i].item<double>())});
  }
  return table;
}

// Of the first file and the last. What had not been seen has no way: NaN, which becomes null.
nlohmann::json to_json(const std::vector<std::string>& names, const at::Tensor& first, const at::Tensor& last) {
  const checkpoint::Drift drift = checkpoint::drift(first, last);
  nlohmann::json vectors = nlohmann::json::array();
  for (int64_t i = 0; i < first.size(0); ++i) {
    vectors.push_back({{"name", names[static_cast<size_t>(i)]},
                       {"norms", {first[i].norm().item<double>(), last[i].norm().item<double>()}},
                       {"moved", drift.relative[i].item<double>()},
                       {"cosine", drift.cosine[i].item<double>()}});
  }
  return vectors;
}

}  // namespace

int compare_memories(const MemoryDiffArguments& arguments) {
  Session session(arguments.talk);
  report::Console& console = session.console();
  nlohmann::json memories = nlohmann::json::array();
  const std::vector<app::MemoryFile> files =
      app::read_memory_files(arguments.files, arguments.trust, session.shared_log());
  for (size_t m = 0; m < files[0].memories.size(); ++m) {
    const std::vector<std::string> names = vector_names(files[0], files[0].memories[m]);
    const auto vectors = [&](size_t f) { return files[f].memories[m].vectors.flatten(0, 1); };
    console.line(title_of(files[0].memories[m]));
    for (size_t f = 1; f < files.size(); ++f) {
      console.line("  " + title_of(files[f - 1]) + " -> step " + std::to_string(files[f].info.step) + ": moved " +
                   summary(checkpoint::drift(vectors(f - 1), vectors(f)).relative, names));
    }
    if (!session.is_json()) say(console, table_of(names, vectors(0), vectors(files.size() - 1)));
    memories.push_back(
        {{"name", files[0].memories[m].name}, {"vectors", to_json(names, vectors(0), vectors(files.size() - 1))}});
  }
  if (session.is_json()) print_document({{"checkpoints", arguments.files}, {"memories", memories}});
  return kDone;
}

}  // namespace sshost::cli
