#include "config/sections.h"

#include <vector>

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

Schema split_schema(const std::string& split, const std::string& transforms) {
  return Schema({string("split", split, "which part of the data set: train, val, test or one of its own"),
                 opaque("transforms", "", "what is done to each sample, in this order; each has a `type`" + transforms)
                     .list()
                     .nullable()});
}

Schema data_schema() {
  return Schema(
      {opaque("dataset", "", "where samples come from: `type` and the data set's own options").required(),
       structure("train",
                 split_schema("train", "; null: scale, crop, flip, colours, normalize and pad, for the images' size"),
                 "samples to train with"),
       structure(
           "evaluate",
           split_schema("val",
                        ": resize or normalize; null: normalize, at the scale of the training's where these are null"),
           "samples to score with"),
       integer("channels", "3",
               "of images. 3: red, green, blue, whatever the files hold; else all channels of the files as they are "
               "stored, which have to be so many: 1 for grey, 4 for RGB with depth or alpha, more for multispectral "
               "TIFF")
           .between(1, 64),
       integer("workers", "2", "threads that read and transform samples; 0: the main thread does").between(0, 256),
       string("on_broken_sample", "stop",
              "where an image or a label cannot be read: stop the run, or skip the sample, telling its path. Training "
              "takes another in its place, evaluation goes on without it")
           .one_of({"stop", "skip"}),
       boolean("strict_images", "false",
               "an image or a label that can be decoded, but of whose bytes its format's library complains, cannot be "
               "read")});
}

Schema features_schema() {
  return Schema(
      {integer("indices", "", "which maps of the backbone go on, also repeatedly, negative from the end; null: all")
           .list(1)
           .nullable(),
       boolean("layer_norm", "false", "a layer norm over the channels of each chosen map"),
       structure("downsample", Schema({integer("stride", "2", "of the convolution").between(1, 16)}),
                 "one 3x3 convolution, batch norm and ReLU, shared by the chosen maps")
           .nullable()});
}

Schema model_schema() {
  return Schema(
      {string(
           "outputs", "exclusive",
           "exclusive: each pixel is of one class, by a softmax. independent: of any number of them, each by itself, "
           "by a sigmoid")
           .one_of({"exclusive", "independent"}),
       string("background", "",
              "with independent outputs: the data set's class that means none of the others, and has no output; null: "
              "each has one")
           .nullable(),
       opaque("backbone", "", "image to feature maps: `type`, `weights` and the backbone's own options").required(),
       structure("features", features_schema(), "what happens to the maps between backbone and heads"),
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

Schema train_schema() {
  return Schema(
      {integer("epochs", "", "passes over the training split; either this or steps").nullable().at_least(1),
       integer("steps", "", "optimiser steps; either this or epochs").nullable().at_least(1),
       integer("batch_size", "8", "samples a batch, of all processes together").at_least(1),
       integer("accumulate", "1",
               "batches a step: their gradients are added, so that k batches of n work as one of k n, but for batch "
               "norms and memories, which see each batch by itself")
           .at_least(1),
       string("precision", "float32",
              "of convolutions and matrix products in training (automatic mixed precision): bfloat16, or float16 with "
              "dynamic loss scaling on cuda. Weights, losses and evaluation stay float32")
           .one_of({"float32", "bfloat16", "float16"}),
       opaque("optimizer", "{type: sgd}", "`type` and the optimiser's options"),
       opaque("schedule", "{type: poly}", "of the learning rate: `type` and its options"),
       real("clip_norm", "", "gradients that are longer than this, all together, are shortened to it; null: none is")
           .nullable()
           .at_least(1e-6),
       structure("ema",
                 Schema({real("decay", "0.999", "share of the average that a step keeps").between(0, 1),
                         boolean("warmup", "true", "keep at most (1 + step) / (10 + step) of it")}),
                 "a moving average of the weights, which is evaluated, saved as the model and predicted with")
           .nullable(),
       integer("log_every", "10", "steps between two lines of the log").at_least(1),
       integer("save_every", "500", "steps between two checkpoints; 0: only one at the end").at_least(0),
       integer("save_every_epochs", "",
               "epochs between two checkpoints, in place of save_every; with accumulate, the step in which one ends")
           .nullable()
           .at_least(1),
       integer("keep_checkpoints", "2", "how many of the newest stay").at_least(1),
       integer("keep_best", "0",
               "how many stay because of their mean IoU, the best as checkpoints/best.safetensors; needs evaluations "
               "while training")
           .at_least(0),
       structure(
           "early_stopping",
           Schema({integer("patience", "5", "evaluations without an improvement").at_least(1),
                   real("min_improvement", "0", "of the mean IoU in [0, 1]; more than this is one").between(0, 1)}),
           "ends where evaluations while training no longer improve")
           .nullable(),
       integer("evaluate_every", "0", "steps between two evaluations while training; 0: none").at_least(0),
       integer("evaluate_every_epochs", "",
               "epochs between two evaluations while training, in place of evaluate_every; as save_every_epochs")
           .nullable()
           .at_least(1),
       string("on_nothing_to_learn", "stop",
              "what becomes of a training that has one class alone, or whose first steps see no pixel of any class")
           .one_of({"stop", "warn"}),
       boolean(
           "resume", "false",
           "go on from `checkpoint`, or where it is null from the newest checkpoint in the output folder; without an "
           "`output` that is the newest runs/<name>-NNN")});
}

Schema evaluate_schema() {
  return Schema(
      {real("scales", "[1]", "factors of the image's size; the results are averaged").list(1).between(0.01, 16),
       boolean("flip", "false", "average over the mirrored image too"),
       real("threshold", "",
            "of independent outputs: from which probability on a pixel is of a class; a number, or one for each class; "
            "null: 0.5")
           .list(1)
           .nullable()
           .between(0, 1),
       string("mode", "whole", "the image at once, or windows that slide over it, averaged where they overlap")
           .one_of({"whole", "slide"}),
       size("crop_size", ListOrder::kHeightWidth, "of a window, with mode: slide; a smaller image is one window")
           .nullable(),
       size("stride", ListOrder::kHeightWidth, "from one window to the next, with mode: slide").nullable(),
       string("average", "logits", "what of views and windows is averaged").one_of({"logits", "probabilities"}),
       integer("passes", "1", "times that a memory sees the image; each pass knows the result of the one before")
           .between(1, 100),
       integer("batch_size", "1", "images at once, of each process").at_least(1),
       real("f_beta", "1", "of the F-score: how much more recall weighs than precision; 1: it is Dice").at_least(0),
       real("boundary_ratio", "0.02",
            "how near to a contour pixels count for the boundary IoU, as a part of the image's diagonal; 0: without it")
           .between(0, 1),
       boolean("save_predictions", "false", "write every image's prediction, in the formats that follow"),
       string("prediction_formats", "[palette, overlay]",
              "what `predict`, as a step and as a command, and save_predictions write: docs/predictions.md; of "
              "independent outputs the default is [masks, overlay]")
           .list(1)
           .one_of({"masks", "index", "palette", "overlay", "probabilities", "probabilities_float16", "coco",
                    "cityscapes", "ade20k"}),
       integer("report_images", "6", "how many images the report shows beside truth and prediction").between(0, 1000)});
}

Schema distributed_schema() {
  return Schema(
      {real("timeout", "600", "seconds that a process waits for the others before it gives up").between(1, 1e6),
       boolean("sync_batch_norm", "true", "batch norm over the whole batch; false: over each process' part"),
       string("memory_update", "sum",
              "sum: the memory is updated as one process would, with the statistics of the whole batch; "
              "average: by each process with its part, and then averaged, as published")
           .one_of({"sum", "average"}),
       boolean("allow_public", "false",
               "listen at an address that the internet reaches: anyone there may then join in")});
}

Schema weights_rules_schema() {
  return Schema(
      {string(
           "classes", "same",
           "a file that names its classes has to name the data set's, in their order; by_name: whatever their order, "
           "and what belongs to a class follows its name; by_number: names do not matter")
           .one_of({"same", "by_name", "by_number"}),
       string("values", "sound", "NaN, infinite values and negative variances are refused; any: they are let through")
           .one_of({"sound", "any"})});
}

}  // namespace

const Schema& pipeline_schema() {
  static const Schema schema(
      {string("name", "", "for people; null: the file's name").nullable(),
       string("run", "[train, evaluate]",
              "what to do, in the order train, evaluate, predict, each at most once; predict needs no labels: it "
              "writes the "
              "predictions of data.evaluate.split")
           .list(1)
           .one_of({"train", "evaluate", "predict"}),
       string("device", "cpu", "cpu, cuda, or cuda:N"), integer("seed", "0", "of all random numbers").at_least(0),
       integer("threads", "0", "of operators; 0: one for each core").between(0, 4096),
       string("output", "", "the run's folder, relative to the working directory; null: runs/<name>-001 and so on")
           .nullable(),
       path("checkpoint", "",
            "weights to start from, or the run to go on with (train.resume): a file, or a run's folder, whose best "
            "checkpoint counts, or else the last")
           .nullable(),
       structure("weights", weights_rules_schema(),
                 "what is accepted of files of weights, those of `checkpoint` and of the components alike"),
       path("plugins", "", "libraries, and folders of libraries, besides those that come with the host").list(),
       structure("data", data_schema(), "the data set, and what is done to its samples"),
       structure("model", model_schema(), "the network"), structure("train", train_schema(), "how it is trained"),
       structure("evaluate", evaluate_schema(), "how it is scored"),
       structure("distributed", distributed_schema(), "how several processes train together")});
  return schema;
}

const Schema& auxiliary_schema() {
  static const Schema schema(
      {integer("feature", "[-2]", "which of the chosen maps it gets, one or a list; negative from the end").list(1),
       losses("of its logits"), real("loss_weight", "0.4", "multiplies its losses").at_least(0)});
  return schema;
}

const Schema& weights_schema() {
  static const Schema schema(
      {path("path", "", "a .safetensors or .pth file").required(),
       string("format", "", "whose names the file uses, such as torchvision; empty: each that the component knows"),
       string("part", "", "of a .pth file with several state dicts: the key of the one to read"),
       string("prefix", "", "only the file's names that begin so are taken, without it: student."),
       boolean("skip_classifier", "false", "leave out what the file has for other classes, or another number of them"),
       boolean("adapt_input", "false",
               "fit the backbone's first convolution, which the file has for RGB, to data.channels: fewer than 3 get "
               "the sum in the first one, of more the first three keep their weights; the others begin with 0")});
  return schema;
}

}  // namespace sshost::config
