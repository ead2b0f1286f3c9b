#include "app/train_observer.h"

namespace sshost::app {
namespace {

report::TrainingStatus to_status(const train::StepRecord& record) {
  report::TrainingStatus status{record.step,    record.steps,          record.epoch, record.epochs,
                                record.images,  record.learning_rate,  record.loss,  {},
                                record.seconds, record.loading_seconds};
  for (const train::LossValue& loss : record.losses) {
    const std::string_view prefix = "loss.";  // the line says so already
    const bool has_prefix = loss.name.starts_with(prefix);
    status.losses.emplace_back(has_prefix ? loss.name.substr(prefix.size()) : loss.name, loss.value);
  }
  return status;
}

}  // namespace

void TrainObserver::on_step(const train::StepRecord& record) {
  pace_.add(record.seconds);
  log_.watcher().on_step(to_status(record));
}

void TrainObserver::on_log(const train::StepRecord& record) {
  log_.progress(report::training_line(to_status(record), pace_.mean()));
  if (tensorboard_ != nullptr) tensorboard_->add(record);
}

void TrainObserver::on_labels(const data::LabelCensus& labels) {
  log_.info("labels of the first " + std::to_string(labels.images()) +
            " images, as the losses saw them: " + describe(labels, classes_));
  if (const std::string warning = warning_of(labels, classes_); !warning.empty()) log_.warning(warning);
}

void TrainObserver::on_checkpoint(const std::filesystem::path& path) { log_.progress("saved " + path.string()); }

std::optional<double> TrainObserver::on_evaluate(int64_t step, state::StateStore& store) {
  done();
  return evaluate_(step, store);
}

}  // namespace sshost::app
