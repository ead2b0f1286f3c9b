#include "data/loader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "base/error.h"
#include "bridge/boundary.h"
#include "data/fake_dataset.h"
#include "data/normalize.h"
#include "data/pad.h"
#include "data/photometric_distortion.h"
#include "data/random_crop.h"
#include "data/random_flip.h"
#include "data/random_rotation.h"
#include "data/resize.h"

namespace sshost::data {
namespace {

using testing::HasSubstr;

// Everything random there is.
TransformList training_transforms() {
  TransformList list;
  list.push_back(std::make_unique<Resize>(ResizeOptions{{16, 12}, true, std::pair{0.5, 2.0}}));
  list.push_back(std::make_unique<RandomCrop>(RandomCropOptions{{10, 10}, 0.75, 3}));
  list.push_back(std::make_unique<RandomFlip>(RandomFlipOptions{0.5, {0, 2, 1}}));
  list.push_back(std::make_unique<RandomRotation>(RandomRotationOptions{0.6, 30, 255}));
  list.push_back(std::make_unique<PhotometricDistortion>(PhotometricDistortionOptions{}));
  list.push_back(std::make_unique<Normalize>(NormalizeOptions{}));
  list.push_back(std::make_unique<Pad>(PadOptions{{10, 10}, 255}));
  return list;
}

LoaderOptions shuffled(int64_t workers) {
  LoaderOptions options;
  options.batch_size = 3;
  options.workers = workers;
  options.shuffle = true;
  options.seed = 11;
  return options;
}

std::vector<Batch> rest_of(Loader& loader) {
  std::vector<Batch> batches;
  while (std::optional<Batch> batch = loader.next()) batches.push_back(std::move(*batch));
  return batches;
}

std::vector<Batch> epoch_of(const Dataset& dataset, int64_t workers, int64_t epoch, int64_t first_batch = 0) {
  Loader loader(dataset, training_transforms(), shuffled(workers));
  loader.start(epoch, first_batch);
  return rest_of(loader);
}

void expect_equal(const Batch& a, const Batch& b) {
  EXPECT_EQ(a.ids, b.ids);
  EXPECT_TRUE(at::equal(a.images, b.images));
  EXPECT_TRUE(at::equal(a.labels, b.labels));
  EXPECT_EQ(a.original, b.original);
}

void expect_equal(std::span<const Batch> a, std::span<const Batch> b) {
  ASSERT_EQ(a.size(), b.size());
  for (size_t i = 0; i < a.size(); ++i) expect_equal(a[i], b[i]);
}

TEST(Loader, GivesTheSameBatchesWhateverTheNumberOfWorkers) {
  FakeDataset fake;
  const auto dataset = fake.open();
  const std::vector<Batch> alone = epoch_of(*dataset, 0, 1);
  ASSERT_EQ(alone.size(), 4U);
  expect_equal(alone, epoch_of(*dataset, 1, 1));
  expect_equal(alone, epoch_of(*dataset, 3, 1));
}

TEST(Loader, ReadsAStoredSampleAgainAsItsBatchHadIt) {
  FakeDataset fake;
  const auto dataset = fake.open();
  for (const int64_t workers : {0, 2}) {
    Loader loader(*dataset, {}, shuffled(workers));
    for (const int64_t epoch : {1, 2}) {
      loader.start(epoch);
      while (const auto batch = loader.next()) {
        for (size_t n = 0; n < batch->indices.size(); ++n) {
          Sample again = loader.stored(batch->indices[n]);
          EXPECT_EQ(again.id, batch->ids[n]);
          EXPECT_TRUE(at::equal(make_batch({&again, 1}).images[0], batch->images[static_cast<int64_t>(n)]));
        }
      }
    }
  }
}

TEST(Loader, GoesOnFromABatchAsAnUninterruptedEpochDoes) {
  FakeDataset fake;
  const auto dataset = fake.open();
  const std::vector<Batch> whole = epoch_of(*dataset, 0, 5);
  expect_equal(std::span(whole).subspan(2), epoch_of(*dataset, 3, 5, 2));
  EXPECT_TRUE(epoch_of(*dataset, 3, 5, 4).empty());
}

TEST(Loader, DrawsAnewInEachEpoch) {
  FakeDataset fake;
  const auto dataset = fake.open();
  EXPECT_FALSE(at::equal(epoch_of(*dataset, 0, 1)[0].images, epoch_of(*dataset, 0, 2)[0].images));
}

TEST(Loader, CanBeStartedAgainInTheMiddle) {
  FakeDataset fake;
  const auto dataset = fake.open();
  Loader loader(*dataset, training_transforms(), shuffled(3));
  EXPECT_FALSE(loader.next());
  loader.start(1);
  loader.next();
  loader.start(2, 1);
  expect_equal(rest_of(loader), epoch_of(*dataset, 0, 2, 1));
}

TEST(Loader, ReadsInOrderWhereItIsNotShuffled) {
  FakeDataset fake;
  const auto dataset = fake.open();
  LoaderOptions options;
  options.batch_size = 4;
  options.workers = 2;
  Loader loader(*dataset, {}, options);
  loader.start(1);
  std::vector<std::string> ids;
  for (const Batch& batch : rest_of(loader)) ids.insert(ids.end(), batch.ids.begin(), batch.ids.end());
  EXPECT_EQ(ids, fake.ids);
}

// Two ranks of 2 make the batches of one process with 4.
TEST(Loader, RanksShareEachBatchWithTheSamplesOfOneProcess) {
  FakeDataset fake;
  const auto dataset = fake.open();
  LoaderOptions options = shuffled(2);
  options.drop_last = true;
  options.batch_size = 4;
  Loader whole(*dataset, training_transforms(), options);
  whole.start(3);
  const std::vector<Batch> expected = rest_of(whole);
  options.batch_size = 2;
  options.ranks = 2;
  for (options.rank = 0; options.rank < 2; ++options.rank) {
    Loader part(*dataset, training_transforms(), options);
    EXPECT_EQ(part.batches(), whole.batches());
    EXPECT_EQ(part.samples(), whole.samples() / 2);
    part.start(3);
    const std::vector<Batch> found = rest_of(part);
    ASSERT_EQ(found.size(), expected.size());
    for (size_t i = 0; i < found.size(); ++i) {
      EXPECT_TRUE(at::equal(found[i].images, expected[i].images.narrow(0, 2 * options.rank, 2)));
      EXPECT_TRUE(at::equal(found[i].labels, expected[i].labels.narrow(0, 2 * options.rank, 2)));
    }
  }
}

TEST(Loader, RanksReadEachSampleOnceWhereTheLastBatchIsNotFull) {
  FakeDataset fake;
  const auto dataset = fake.open();
  std::vector<std::string> ids;
  LoaderOptions options;
  options.batch_size = 2;
  options.ranks = 4;
  for (options.rank = 0; options.rank < 4; ++options.rank) {
    Loader loader(*dataset, {}, options);
    loader.start(1);
    int64_t samples = 0;
    for (const Batch& batch : rest_of(loader)) {
      ids.insert(ids.end(), batch.ids.begin(), batch.ids.end());
      samples += batch.images.size(0);
    }
    EXPECT_EQ(loader.samples(), samples);
  }
  EXPECT_THAT(ids, testing::UnorderedElementsAreArray(fake.ids));
}

TEST(Loader, DropsTheLastBatchOnlyWhereItIsNotFull) {
  FakeDataset fake;
  const auto dataset = fake.open();
  LoaderOptions options;
  options.drop_last = true;
  options.batch_size = 3;
  EXPECT_EQ(Loader(*dataset, {}, options).batches(), 3);
  options.batch_size = 5;
  EXPECT_EQ(Loader(*dataset, {}, options).batches(), 2);
}

TEST(Loader, RefusesADataSetThatIsSmallerThanABatch) {
  FakeDataset fake;
  const auto dataset = fake.open();
  LoaderOptions options;
  options.drop_last = true;
  options.batch_size = 11;
  try {
    Loader(*dataset, {}, options);
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("10 samples, fewer than one batch of 11"));
  }
}

// Sample 4 is broken.
ss_status broken_read(int64_t index, const ss_random*, const ss_sample_sink* sink) {
  if (index == 4) return bridge::fail(SS_IO, "cannot be decoded");
  FakeDataset::ask(sink, "image", SS_UINT8, 4, 4, 3);
  std::fill_n(static_cast<uint8_t*>(FakeDataset::ask(sink, "label", SS_UINT8, 4, 4, 1)), 16, uint8_t{1});
  return SS_OK;
}

class LoaderWorkers : public testing::TestWithParam<int64_t> {};
INSTANTIATE_TEST_SUITE_P(Counts, LoaderWorkers, testing::Values(0, 1, 3));

TEST_P(LoaderWorkers, ABrokenImageIsAnErrorWhenItsTurnComes) {
  FakeDataset fake;
  fake.read = broken_read;
  const auto dataset = fake.open();
  LoaderOptions options;
  options.batch_size = 2;
  options.workers = GetParam();
  Loader loader(*dataset, {}, options);
  loader.start(1);
  EXPECT_EQ(loader.next()->ids.front(), "sample_0");
  EXPECT_EQ(loader.next()->ids.front(), "sample_2");
  try {
    loader.next();
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_STREQ(error.what(),
                 "dataset fake (/plugins/fake.so), sample 4 \"sample_4\" (/images/picture.jpg): cannot be decoded");
  }
  EXPECT_EQ(loader.next()->ids.front(), "sample_6");
}

// Samples 4 and 5 are broken.
ss_status two_broken(int64_t index, const ss_random* random, const ss_sample_sink* sink) {
  return index == 5 ? bridge::fail(SS_IO, "ends too early") : broken_read(index, random, sink);
}

struct Skipping {
  Skipping(const Dataset& dataset, int64_t workers, OnBroken on_broken, int64_t batch_size) {
    LoaderOptions options;
    options.batch_size = batch_size;
    options.workers = workers;
    options.on_broken = on_broken;
    options.on_skipped = [this](const std::string& message) { messages.push_back(message); };
    Loader loader(dataset, {}, options);
    loader.start(1);
    for (const Batch& batch : rest_of(loader)) {
      sizes.push_back(batch.ids.size());
      indices.insert(indices.end(), batch.indices.begin(), batch.indices.end());
    }
  }
  std::vector<size_t> sizes;
  std::vector<int64_t> indices;
  std::vector<std::string> messages;
};

TEST_P(LoaderWorkers, BrokenSamplesAreLeftOutWithTheirPath) {
  FakeDataset fake;
  fake.read = two_broken;
  const auto dataset = fake.open();
  const Skipping skipping(*dataset, GetParam(), OnBroken::kLeaveOut, 3);
  EXPECT_EQ(skipping.sizes, (std::vector<size_t>{3, 1, 3, 1}));
  EXPECT_EQ(skipping.indices, (std::vector<int64_t>{0, 1, 2, 3, 6, 7, 8, 9}));
  ASSERT_EQ(skipping.messages.size(), 2U);
  EXPECT_THAT(skipping.messages[0], testing::AllOf(HasSubstr("sample 4"), HasSubstr("/images/picture.jpg")));
  EXPECT_THAT(skipping.messages[1], HasSubstr("ends too early"));
}

TEST_P(LoaderWorkers, ABatchOfBrokenSamplesIsPassedOver) {
  FakeDataset fake;
  fake.read = two_broken;
  const auto dataset = fake.open();
  const Skipping skipping(*dataset, GetParam(), OnBroken::kLeaveOut, 2);
  EXPECT_EQ(skipping.sizes, (std::vector<size_t>{2, 2, 2, 2}));
  EXPECT_EQ(skipping.messages.size(), 2U);
}

TEST_P(LoaderWorkers, BrokenSamplesAreReplacedByThoseBehindThem) {
  FakeDataset fake;
  fake.read = two_broken;
  const auto dataset = fake.open();
  const Skipping skipping(*dataset, GetParam(), OnBroken::kReplace, 5);
  EXPECT_EQ(skipping.sizes, (std::vector<size_t>{5, 5}));
  EXPECT_EQ(skipping.indices, (std::vector<int64_t>{0, 1, 2, 3, 6, 6, 6, 7, 8, 9}));
  EXPECT_EQ(skipping.messages.size(), 3U);  // 4 and 5 for the place of 4, 5 for its own
}

TEST_P(LoaderWorkers, ADataSetOfBrokenSamplesIsAnError) {
  FakeDataset fake;
  fake.read = [](int64_t, const ss_random*, const ss_sample_sink*) { return bridge::fail(SS_IO, "no disk"); };
  const auto dataset = fake.open();
  EXPECT_THROW(Skipping(*dataset, GetParam(), OnBroken::kReplace, 5), Error);
  EXPECT_TRUE(Skipping(*dataset, GetParam(), OnBroken::kLeaveOut, 5).sizes.empty());
}

TEST_P(LoaderWorkers, ASampleWithoutALabelIsAnErrorWhereLabelsAreNeeded) {
  FakeDataset fake;
  fake.read = [](int64_t, const ss_random*, const ss_sample_sink* sink) {
    return FakeDataset::ask(sink, "image", SS_UINT8, 4, 4, 3) != nullptr ? SS_OK : SS_INTERNAL;
  };
  const auto dataset = fake.open();
  LoaderOptions options;
  options.workers = GetParam();
  Loader strict(*dataset, {}, options);
  strict.start(1);
  EXPECT_THROW(strict.next(), Error);
  options.need_labels = false;
  Loader lenient(*dataset, {}, options);
  lenient.start(1);
  EXPECT_FALSE(lenient.next()->labels.defined());
}

TEST_P(LoaderWorkers, KeepsSizesAndLabelsAsTheyWereStored) {
  FakeDataset fake;
  const auto dataset = fake.open();
  LoaderOptions options;
  options.workers = GetParam();
  options.original_labels = true;
  TransformList smaller;
  smaller.push_back(std::make_unique<Resize>(ResizeOptions{{8, 6}, true, std::nullopt}));
  Loader loader(*dataset, std::move(smaller), options);
  loader.start(1);
  const std::optional<Batch> batch = loader.next();
  EXPECT_EQ(batch->images.sizes(), at::IntArrayRef({1, 3, 6, 8}));
  EXPECT_EQ(batch->original.at(0), cv::Size(16, 12));
  EXPECT_EQ(batch->original_labels.at(0).sizes(), at::IntArrayRef({12, 16}));
  EXPECT_EQ(batch->original_labels.at(0)[0][2].item<int64_t>(), 2);
}

TEST(Loader, MakesNoMoreBatchesThanItMayHold) {
  FakeDataset fake;
  for (int index = 10; index < 100; ++index) fake.ids.push_back("sample_" + std::to_string(index));
  const auto dataset = fake.open();
  LoaderOptions options;
  options.batch_size = 2;
  options.workers = 3;
  Loader loader(*dataset, {}, options);
  loader.start(1);
  const auto settle = [&](int expected) {
    for (int wait = 0; wait < 200 && fake.reads < expected; ++wait) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  };
  settle(8);
  EXPECT_EQ(fake.reads, 8);  // (3 workers + 1) batches of 2
  loader.next();
  settle(10);
  EXPECT_EQ(fake.reads, 10);
}

TEST(Loader, ClosesItsReadersWhenItEndsInTheMiddle) {
  FakeDataset fake;
  const auto dataset = fake.open();
  {
    Loader loader(*dataset, {}, shuffled(3));
    loader.start(1);
    loader.next();
  }
  EXPECT_EQ(fake.open_readers, 0);
}

TEST(Loader, GivesNothingMoreOnceItIsToldToStop) {
  FakeDataset fake;
  std::atomic<bool> stop = false;
  fake.read = [&](int64_t, const ss_random*, const ss_sample_sink*) {
    stop = true;  // a signal while the first sample is read, which the decoder then gives up
    return SS_IO;
  };
  const auto dataset = fake.open();
  for (const int64_t workers : {0, 2}) {
    stop = false;
    LoaderOptions options = shuffled(workers);
    options.stop = &stop;
    Loader loader(*dataset, {}, options);
    loader.start(1);
    EXPECT_FALSE(loader.next()) << "and no error";
    EXPECT_TRUE(loader.is_stopped());
  }
}

}  // namespace
}  // namespace sshost::data
