#include "run/examination.h"

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <utility>

#include "base/error.h"
#include "data/size_diagnosis.h"

namespace sshost::run {

namespace {

using Options = ss_options_object;

// `option: value` where the data set has this option.
Options with(Options options, const std::string& option, const std::string& value) {
  if (options.find(option) != nullptr) options.set(option, config::make_string(value));
  return options;
}

// One split of the pipeline's data set, with options of one's own.
class SplitOpener {
 public:
  SplitOpener(const Session& session, std::string split)
      : component_(session.registry->find(session.pipeline.data.dataset.kind, session.pipeline.data.dataset.type)),
        split_(std::move(split)),
        images_{.channels = session.pipeline.data.channels} {}

  // Nothing where it cannot be opened: `problem` says why.
  std::unique_ptr<data::Dataset> open(const Options& options) {
    try {
      return std::make_unique<data::Dataset>(*component_.descriptor, component_.path, &options, split_, images_);
    } catch (const UsageError&) {
      throw;
    } catch (const Error& error) {
      problem_ = error.what();
      return nullptr;
    }
  }

  const std::string& problem() const { return problem_; }  // of the last attempt that failed

 private:
  const plugin::Component& component_;
  std::string split_;
  data::ImageOptions images_;  // decoders' complaints are told, not refused
  std::string problem_;
};

class Examiner {
 public:
  Examiner(const Session& session, const std::string& split, int64_t limit)
      : pipeline_(session.pipeline),
        registry_(*session.registry),
        data_(session.pipeline.data),
        split_(split),
        trains_(split == session.pipeline.data.train.split),
        limit_(limit),
        opener_(session, split) {}

  Examination examine() {
    Examination found;
    const Options given = *data_.dataset.options;
    const std::unique_ptr<data::Dataset> dataset = open(given, found.findings);
    if (!dataset) return found;
    found.info = dataset->info();
    found.seen = inspect(given, *dataset);
    for (data::Finding& finding : judge(given, found.seen, found.info)) found.findings.push_back(std::move(finding));
    for (data::Finding& finding : data::diagnose_sizes(found.seen, found.info, pipeline_, split_, registry_)) {
      found.findings.push_back(std::move(finding));
    }
    data::try_treatments(found.findings, [&](const Options& options) { return try_out(options, found.findings); });
    for (int64_t index = 0; index < dataset->size(); ++index)
      found.images.push_back(dataset->describe(index).image_path);
    return found;
  }

 private:
  // With every frame of a clip, of which training draws one at a time, and with labels as large as they are stored.
  static Options as_stored(const Options& options) {
    return with(with(options, "frames", "all"), "label_size", "stop");
  }

  std::unique_ptr<data::Dataset> open(const Options& given, std::vector<data::Finding>& findings) {
    const Options strict = with(as_stored(given), "unpaired", "stop");
    if (auto dataset = opener_.open(strict)) return dataset;
    const std::string problem = opener_.problem();
    if (auto dataset = opener_.open(with(strict, "unpaired", "skip"))) {
      if (auto finding = unpaired(given, problem, dataset->size())) findings.push_back(*std::move(finding));
      return dataset;
    }
    auto dataset = opener_.open(given);
    findings.push_back({data::Illness::kUnopened,
                        dataset ? "not every frame can be read" : "it cannot be opened",
                        {problem},
                        "correct data.dataset.root, or the files it names"});
    return dataset;
  }

  // How many files there are where they need no partner.
  int64_t count(const Options& given, const Options& patterns, int64_t otherwise) {
    const QuietPlugins quiet;  // what goes with these files is no matter here
    Options alone = as_stored(given);
    alone.set("images", patterns);
    alone.set("labels", Options{});
    const auto all = opener_.open(alone);
    return all ? all->size() : otherwise;
  }

  // Nothing where they are those of another split, and left out as the pipeline says.
  std::optional<data::Finding> unpaired(const Options& given, const std::string& problem, int64_t paired) {
    data::Finding finding{data::Illness::kUnpaired, "files have no partner", {problem}};
    const Options &images_of = given.at("images"), &labels_of = given.at("labels");
    const int64_t images = count(given, images_of, paired);
    const bool are_of_more = names_split(images_of) && !names_split(labels_of);  // labels of other splits
    const int64_t labels = are_of_more ? paired : count(given, labels_of, paired);
    const std::string share = std::to_string(images - paired) + " of " + std::to_string(images) + " images and " +
                              std::to_string(labels - paired) + " of " + std::to_string(labels) + " labels";
    const int64_t most = std::max(images, labels);
    const bool skips = given.at("unpaired").text == "skip";
    if (skips && most == paired) return std::nullopt;
    if (static_cast<double>(most - paired) > data::kMostSkipped * static_cast<double>(most)) {
      finding.mend = "add what is missing, or correct the patterns: passing over it would leave out " + share;
    } else if (skips) {
      finding.mend = "nothing has to be done: data.dataset.unpaired is skip, which leaves out " + share;
      finding.is_note = true;
    } else {
      finding.mend = "data: {dataset: {unpaired: skip}}  # leaves out " + share + "; or add what is missing";
    }
    return finding;
  }

  data::DatasetUse use_of(const Options& options) const {
    return {data_.dataset.type, options, data_.skips_broken_samples()};
  }

  std::vector<data::Finding> judge(const Options& options, const data::Inspection& seen,
                                   const data::DatasetInfo& info) const {
    return data::diagnose(seen, info, use_of(options), trains_);
  }

  data::Inspection inspect(const Options& options, const data::Dataset& dataset) {
    const data::DatasetUse use = use_of(options);
    data::Inspection seen = read(dataset, use);
    if (!use.maps_numbers()) return seen;
    const std::vector<data::Finding> findings = judge(options, seen, dataset.info());
    const bool is_lost = std::any_of(findings.begin(), findings.end(), [](const data::Finding& finding) {
      return finding.illness == data::Illness::kIgnored || finding.illness == data::Illness::kNothing;
    });
    const QuietPlugins quiet;
    const auto stored = is_lost ? opener_.open(with(as_stored(use.without_map()), "unpaired", "skip")) : nullptr;
    if (!stored) return seen;
    for (const auto& [number, found] : read(*stored, use).labels) seen.stored[number] = {found.pixels, found.solid};
    return seen;
  }

  data::Inspection read(const data::Dataset& dataset, const data::DatasetUse& use) const {
    return data::inspect(dataset, {limit_, use.reads_colors(), data_.strict_images, use.mapped_numbers()},
                         [](int64_t, int64_t) {});
  }

  // What of the findings before has nothing to do with what labels hold stays as it is.
  std::vector<data::Finding> try_out(const Options& options, const std::vector<data::Finding>& before) {
    const QuietPlugins quiet;
    const auto dataset = opener_.open(with(as_stored(options), "unpaired", "skip"));
    if (!dataset) return {{data::Illness::kUnopened, opener_.problem()}};
    std::vector<data::Finding> findings = judge(options, read(*dataset, use_of(options)), dataset->info());
    for (const data::Finding& finding : before) {
      if (finding.illness == data::Illness::kUnpaired) findings.push_back(finding);
    }
    return findings;
  }

  const config::Pipeline& pipeline_;
  const plugin::Registry& registry_;
  const config::DataConfig& data_;
  std::string split_;
  bool trains_;
  int64_t limit_;
  SplitOpener opener_;
};

}  // namespace

std::vector<std::string> splits_to_examine(const Session& session) {
  const config::DataConfig& data = session.pipeline.data;
  std::set<std::string> splits{data.train.split, data.evaluate.split};
  const Options* division = data.dataset.options->find("split");
  const Options* test = division == nullptr ? nullptr : division->find("test");
  if (test != nullptr && test->real > 0) splits.insert("test");
  return {splits.begin(), splits.end()};
}

Examination examine(const Session& session, const std::string& split, int64_t limit) {
  return Examiner(session, split, limit).examine();
}

}  // namespace sshost::run
