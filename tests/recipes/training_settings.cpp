#include "recipes/comparison.h"

namespace sshost::recipes {
namespace {

void compare_optimizer(Comparison& comparison) {
  const std::string theirs = "/scheduler/optimizer";
  const std::string ours = "train.optimizer";
  const bool is_adam = comparison.ours(ours + ".type") == "adamw";
  comparison.follows(theirs + "/type", is_adam ? "AdamW" : "SGD", ours + ".type");
  comparison.equal(theirs + "/lr", ours + ".lr");
  comparison.equal(theirs + "/weight_decay", ours + ".weight_decay");
  comparison.equal(theirs + (is_adam ? "/betas" : "/momentum"), ours + (is_adam ? ".betas" : ".momentum"));
  comparison.equal_or(theirs + "/nesterov", ours + ".nesterov", is_adam ? Json() : Json(false));
  comparison.equal_or(theirs + "/eps", ours + ".eps", is_adam ? Json(1e-8) : Json());
}

// A factor that a recipe leaves out is 1. All of the recipe's rules, and none beside them.
void compare_rules(Comparison& comparison) {
  const std::string theirs = "/scheduler/optimizer/params_rules";
  Json rules = Json::object();
  for (const Json& rule : comparison.ours("train.optimizer.rules")) {
    const std::string name = rule.at("match");
    rules[name] = {rule.at("lr_factor"), rule.at("decay_factor")};
  }
  const Json published = comparison.recipe().look(theirs);
  Json expected = Json::object();
  for (const auto& [name, factors] : published.items()) {
    expected[name] = {factors.value("lr_multiplier", 1.0), factors.value("wd_multiplier", 1.0)};
  }
  comparison.follows(theirs, rules == expected ? published : rules, "train.optimizer.rules");
}

void compare_schedule(Comparison& comparison) {
  comparison.follows("/scheduler/type", comparison.ours("train.schedule.type") == "poly" ? "PolyScheduler" : "another",
                     "train.schedule.type");
  comparison.equal("/scheduler/max_epochs", "train.epochs");
  comparison.equal("/scheduler/power", "train.schedule.power");
  comparison.equal_or("/scheduler/min_lr", "train.schedule.min_lr", Json());  // null: a hundredth of the rate
  comparison.equal_or("/scheduler/warmup_cfg/type", "train.schedule.warmup.type", "none");
  if (!comparison.recipe().has("/scheduler/warmup_cfg")) return;
  comparison.equal("/scheduler/warmup_cfg/iters", "train.schedule.warmup.steps");
  comparison.equal("/scheduler/warmup_cfg/ratio", "train.schedule.warmup.ratio");
}

void compare_loader(Comparison& comparison) {
  const std::string total = "/dataloader/expected_total_train_bs_for_assert";
  const std::string each = "/dataloader/train/batch_size_per_gpu";
  comparison.equal(total, "train.batch_size");
  const std::int64_t processes = 8;  // of the published runs
  comparison.follows(each, comparison.ours("train.batch_size").get<std::int64_t>() / processes,
                     "train.batch_size over 8 processes");
  comparison.equal("/dataloader/test/batch_size_per_gpu", "evaluate.batch_size");
  comparison.equal("/dataloader/train/num_workers_per_gpu", "data.workers");
  comparison.equal("/dataloader/test/num_workers_per_gpu", "data.workers");
  comparison.always("/dataloader/train/shuffle", true, "training draws its samples in a random order");
  comparison.always("/dataloader/train/drop_last", true, "an incomplete batch at an epoch's end is left out");
  comparison.always("/dataloader/test/shuffle", false, "evaluation goes through the split in order");
  comparison.always("/dataloader/test/drop_last", false, "evaluation sees every image");
}

}  // namespace

void compare_training(Comparison& comparison) {
  compare_optimizer(comparison);
  compare_rules(comparison);
  compare_schedule(comparison);
  compare_loader(comparison);
  comparison.equal("/save_interval_epochs", "train.save_every_epochs");
  if (comparison.ours("run") == Json({"train", "predict"})) {
    return comparison.without_meaning("/eval_interval_epochs", "the split to evaluate has no labels");
  }
  comparison.equal("/eval_interval_epochs", "train.evaluate_every_epochs");
}

}  // namespace sshost::recipes
