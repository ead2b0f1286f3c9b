#include "config/sections.h"

#include "config/nearest.h"
#include "config/prediction_formats.h"
#include "config/section.h"

namespace sshost::config {

namespace {

Option losses(const std::string& of_what) {
  return opaque(
             "loss", kDefaultLosses,
             of_what +
                 ": `type` and the loss' own options, or a list of such maps, whose losses are added; of independent "
                 "outputs the default is bce")
      .list(1);
}

Section<SplitConfig> split_section(const std::string& transforms) {
  return Section<SplitConfig>(
      {{key("split", "which part of the data set: train, val, test or one of its own"), &SplitConfig::split},
       opaque("transforms", "", "what is done to each sample, in this order; each has a `type`" + transforms)
           .list()
           .nullable()});
}

Section<DataConfig> data_section() {
  return Section<DataConfig>(
      {opaque("dataset", "", "where samples come from: `type` and the data set's own options").required(),
       {key("train", "samples to train with"), &DataConfig::train,
        split_section("; null: scale, crop, flip, colours, normalize and pad, for the images' size")},
       {key("evaluate", "samples to score with"), &DataConfig::evaluate,
        split_section(": resize or normalize; null: normalize, at the scale of the training's where these are null")},
       {key("channels",
            "of images. 3: red, green, blue, whatever the files hold; else all channels of the files as they are "
            "stored, which have to be so many: 1 for grey, 4 for RGB with depth or alpha, more for multispectral "
            "TIFF")
            .between(1, 64),
        &DataConfig::channels},
       {key("workers", "threads that read and transform samples; 0: the main thread does").between(0, 256),
        &DataConfig::workers},
       {key("on_broken_sample",
            "where an image or a label cannot be read: stop the run, or skip the sample, telling its path. Training "
            "takes another in its place, evaluation goes on without it")
            .one_of({"stop", "skip"}),
        &DataConfig::on_broken_sample},
       {key("strict_images",
            "an image or a label that can be decoded, but of whose bytes its format's library complains, cannot be "
            "read"),
        &DataConfig::strict_images}});
}

Section<DownsampleConfig> downsample_section() {
  return Section<DownsampleConfig>({{key("stride", "of the convolution").between(1, 16), &DownsampleConfig::stride}});
}

Section<FeaturesConfig> features_section() {
  return Section<FeaturesConfig>(
      {{key("indices", "which maps of the backbone go on, also repeatedly, negative from the end; null: all")
            .list(1)
            .nullable(),
        &FeaturesConfig::indices},
       {key("layer_norm", "a layer norm over the channels of each chosen map"), &FeaturesConfig::layer_norm},
       {key("downsample", "one 3x3 convolution, batch norm and ReLU, shared by the chosen maps"),
        &FeaturesConfig::downsample, downsample_section()}});
}

Section<ModelConfig> model_section() {
  return Section<ModelConfig>(
      {{key("outputs",
            "exclusive: each pixel is of one class, by a softmax. independent: of any number of them, each by itself, "
            "by a sigmoid"),
        &ModelConfig::independent,
        {"exclusive", "independent"}},
       {key("background",
            "with independent outputs: the data set's class that means none of the others, and has no output; null: "
            "each has one"),
        &ModelConfig::background},
       opaque("backbone", "", "image to feature maps: `type`, `weights` and the backbone's own options").required(),
       {key("features", "what happens to the maps between backbone and heads"), &ModelConfig::features,
        features_section()},
       opaque("head", "",
              "feature maps to logits: `type`, `weights` and the head's own options; the context of the "
              "memory where there is one")
           .nullable(),
       opaque("memory", "", "feature memory: `type`, `weights` and the memory's own options").nullable(),
       losses("of the head's or the memory's logits"),
       opaque("auxiliary", "",
              "further heads, for training only: `type`, `feature`, `loss_weight`, and the options of "
              "each")
           .list()});
}

Section<EmaConfig> ema_section() {
  return Section<EmaConfig>({{key("decay", "share of the average that a step keeps").between(0, 1), &EmaConfig::decay},
                             {key("warmup", "keep at most (1 + step) / (10 + step) of it"), &EmaConfig::warmup}});
}

Section<EarlyStoppingConfig> early_stopping_section() {
  return Section<EarlyStoppingConfig>(
      {{key("patience", "evaluations without an improvement").at_least(1), &EarlyStoppingConfig::patience},
       {key("min_improvement", "of the mean IoU in [0, 1]; more than this is one").between(0, 1),
        &EarlyStoppingConfig::min_improvement}});
}

Section<TrainConfig> train_section() {
  return Section<TrainConfig>(
      {{key("epochs", "passes over the training split; either this or steps").at_least(1), &TrainConfig::epochs},
       {key("steps", "optimiser steps; either this or epochs").at_least(1), &TrainConfig::steps},
       {key("batch_size", "samples a batch, of all processes together").at_least(1), &TrainConfig::batch_size},
       {key("accumulate",
            "batches a step: their gradients are added, so that k batches of n work as one of k n, but for batch "
            "norms and memories, which see each batch by itself")
            .at_least(1),
        &TrainConfig::accumulate},
       {key("precision",
            "of convolutions and matrix products in training (automatic mixed precision): bfloat16, or float16 with "
            "dynamic loss scaling on cuda. Weights, losses and evaluation stay float32")
            .one_of({"float32", "bfloat16", "float16"}),
        &TrainConfig::precision},
       opaque("optimizer", "{type: sgd}", "`type` and the optimiser's options"),
       opaque("schedule", "{type: poly}", "of the learning rate: `type` and its options"),
       {key("clip_norm", "gradients that are longer than this, all together, are shortened to it; null: none is")
            .at_least(1e-6),
        &TrainConfig::clip_norm},
       {key("ema", "a moving average of the weights, which is evaluated, saved as the model and predicted with"),
        &TrainConfig::ema, ema_section()},
       {key("log_every", "steps between two lines of the log").at_least(1), &TrainConfig::log_every},
       {key("save_every", "steps between two checkpoints; 0: only one at the end").at_least(0),
        &TrainConfig::save_every},
       {key("save_every_epochs",
            "epochs between two checkpoints, in place of save_every; with accumulate, the step in which one ends")
            .at_least(1),
        &TrainConfig::save_every_epochs},
       {key("keep_checkpoints", "how many of the newest stay").at_least(1), &TrainConfig::keep_checkpoints},
       {key("keep_best",
            "how many stay because of their mean IoU, the best as checkpoints/best.safetensors; needs evaluations "
            "while training")
            .at_least(0),
        &TrainConfig::keep_best},
       {key("early_stopping", "ends where evaluations while training no longer improve"), &TrainConfig::early_stopping,
        early_stopping_section()},
       {key("evaluate_every", "steps between two evaluations while training; 0: none").at_least(0),
        &TrainConfig::evaluate_every},
       {key("evaluate_every_epochs",
            "epochs between two evaluations while training, in place of evaluate_every; as save_every_epochs")
            .at_least(1),
        &TrainConfig::evaluate_every_epochs},
       {key("on_nothing_to_learn",
            "what becomes of a training that has one class alone, or whose first steps see no pixel of any class")
            .one_of({"stop", "warn"}),
        &TrainConfig::on_nothing_to_learn},
       {key("resume",
            "go on from `checkpoint`, or where it is null from the newest checkpoint in the output folder; without an "
            "`output` that is the newest runs/<name>-NNN"),
        &TrainConfig::resume}});
}

Section<EvaluateConfig> evaluate_section() {
  return Section<EvaluateConfig>(
      {{key("scales", "factors of the image's size; the results are averaged").list(1).between(0.01, 16),
        &EvaluateConfig::scales},
       {key("flip", "average over the mirrored image too"), &EvaluateConfig::flip},
       {key("threshold",
            "of independent outputs: from which probability on a pixel is of a class; a number, or one for each class; "
            "null: 0.5")
            .list(1)
            .nullable()
            .between(0, 1),
        &EvaluateConfig::thresholds},
       string("mode", "whole", "the image at once, or windows that slide over it, averaged where they overlap")
           .one_of({"whole", "slide"}),
       size("crop_size", ListOrder::kHeightWidth, "of a window, with mode: slide; a smaller image is one window")
           .nullable(),
       size("stride", ListOrder::kHeightWidth, "from one window to the next, with mode: slide").nullable(),
       {key("average", "what of views and windows is averaged"),
        &EvaluateConfig::average_probabilities,
        {"logits", "probabilities"}},
       {key("passes", "times that a memory sees the image; each pass knows the result of the one before")
            .between(1, 100),
        &EvaluateConfig::passes},
       {key("batch_size", "images at once, of each process").at_least(1), &EvaluateConfig::batch_size},
       {key("precision",
            "of convolutions, on the CPU: float32; bfloat16, for machines with units for it; int8 with a checkpoint "
            "that "
            "`sshost quantize` wrote; auto: the fastest of them that decides as float32 does on 99.9 % of the pixels "
            "of "
            "the first batch; null: int8 with such a checkpoint, else float32; docs/quantization.md")
            .one_of({"float32", "bfloat16", "int8", "auto"}),
        &EvaluateConfig::precision},
       {key("f_beta", "of the F-score: how much more recall weighs than precision; 1: it is Dice").at_least(0),
        &EvaluateConfig::f_beta},
       {key("boundary_ratio",
            "how near to a contour pixels count for the boundary IoU, as a part of the image's diagonal; 0: without it")
            .between(0, 1),
        &EvaluateConfig::boundary_ratio},
       {key("save_predictions", "write every image's prediction, in the formats that follow"),
        &EvaluateConfig::save_predictions},
       {key("prediction_formats", "what `predict`, as a step and as a command, and save_predictions write: " +
                                      join_names(prediction_format_names()) +
                                      ", or a layout that a data set offers; docs/predictions.md; of independent "
                                      "outputs the default is [masks, overlay]")
            .list(1),
        &EvaluateConfig::prediction_formats},
       {key("report_images", "how many images the report shows beside truth and prediction").between(0, 1000),
        &EvaluateConfig::report_images}});
}

Section<DistributedConfig> distributed_section() {
  return Section<DistributedConfig>(
      {{key("timeout", "seconds that a process waits for the others before it gives up").between(1, 1e6),
        &DistributedConfig::timeout},
       {key("sync_batch_norm", "batch norm over the whole batch; false: over each process' part"),
        &DistributedConfig::sync_batch_norm},
       {key("memory_update",
            "sum: the memory is updated as one process would, with the statistics of the whole batch; "
            "average: by each process with its part, and then averaged, as published")
            .one_of({"sum", "average"}),
        &DistributedConfig::memory_update},
       {key("allow_public", "listen at an address that the internet reaches: anyone there may then join in"),
        &DistributedConfig::allow_public}});
}

Section<WeightsRules> weights_rules_section() {
  return Section<WeightsRules>(
      {{key("classes",
            "a file that names its classes has to name the data set's, in their order; by_name: whatever their order, "
            "and what belongs to a class follows its name; by_number: names do not matter")
            .one_of({"same", "by_name", "by_number"}),
        &WeightsRules::classes},
       {key("values", "NaN, infinite values and negative variances are refused; any: they are let through"),
        &WeightsRules::require_sound_values,
        {"any", "sound"}}});
}

}  // namespace

const Section<Pipeline>& pipeline_section() {
  static const Section<Pipeline> section(
      {{key("name", "for people; null: the file's name").nullable(), &Pipeline::name},
       {key("run",
            "what to do, in the order train, evaluate, predict, each at most once; predict needs no labels: it "
            "writes the predictions of data.evaluate.split")
            .list(1)
            .one_of({"train", "evaluate", "predict"}),
        &Pipeline::run},
       {key("device", "cpu, cuda, or cuda:N"), &Pipeline::device},
       {key("seed", "of all random numbers").at_least(0), &Pipeline::seed},
       {key("threads", "of operators; 0: one for each core").between(0, 4096), &Pipeline::threads},
       {key("output", "the run's folder, relative to the working directory; null: runs/<name>-001 and so on")
            .nullable(),
        &Pipeline::output},
       {path("checkpoint", "",
             "weights to start from, or the run to go on with (train.resume): a file, or a run's folder, whose best "
             "checkpoint counts, or else the last"),
        &Pipeline::checkpoint},
       {key("weights", "what is accepted of files of weights, those of `checkpoint` and of the components alike"),
        &Pipeline::weights, weights_rules_section()},
       {path("plugins", "", "libraries, and folders of libraries, besides those that come with the host").list(),
        &Pipeline::plugins},
       {key("data", "the data set, and what is done to its samples"), &Pipeline::data, data_section()},
       {key("model", "the network"), &Pipeline::model, model_section()},
       {key("train", "how it is trained"), &Pipeline::train, train_section()},
       {key("evaluate", "how it is scored"), &Pipeline::evaluate, evaluate_section()},
       {key("distributed", "how several processes train together"), &Pipeline::distributed, distributed_section()}});
  return section;
}

const Section<AuxiliaryConfig>& auxiliary_section() {
  static const Section<AuxiliaryConfig> section(
      {{key("feature", "which of the chosen maps it gets, one or a list; negative from the end").list(1),
        &AuxiliaryConfig::features},
       losses("of its logits"),
       {key("loss_weight", "multiplies its losses").at_least(0), &AuxiliaryConfig::loss_weight}});
  return section;
}

const Section<WeightsConfig>& weights_section() {
  static const Section<WeightsConfig> section(
      {{path("path", "", "a .safetensors or .pth file").required(), &WeightsConfig::path},
       {key("format", "whose names the file uses, such as torchvision; empty: each that the component knows"),
        &WeightsConfig::format},
       {key("part", "of a .pth file with several state dicts: the key of the one to read"), &WeightsConfig::part},
       {key("prefix", "only the file's names that begin so are taken, without it: student."), &WeightsConfig::prefix},
       {key("skip_classifier", "leave out what the file has for other classes, or another number of them"),
        &WeightsConfig::skip_classifier},
       {key("adapt_input",
            "fit the backbone's first convolution, which the file has for RGB, to data.channels: fewer than 3 get "
            "the sum in the first one, of more the first three keep their weights; the others begin with 0"),
        &WeightsConfig::adapt_input}});
  return section;
}

const Schema& pipeline_schema() {
  static const Schema schema = pipeline_section().schema();
  return schema;
}

const Schema& auxiliary_schema() {
  static const Schema schema = auxiliary_section().schema();
  return schema;
}

const Schema& weights_schema() {
  static const Schema schema = weights_section().schema();
  return schema;
}

}  // namespace sshost::config
