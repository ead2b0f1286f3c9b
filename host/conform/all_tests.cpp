#include "conform/test.h"

namespace sshost::conform {

// Each in the file that has its name.
extern const Test kNote;
extern const Test kSymbols;
extern const Test kLibraries;
extern const Test kLoading;
extern const Test kDescriptor;
extern const Test kCapabilities;
extern const Test kOptions;
extern const Test kInstances;
extern const Test kThreads;
extern const Test kThreadsOfLoss;
extern const Test kOutputs;
extern const Test kOutputsOfHead;
extern const Test kOutputsOfMemory;
extern const Test kOnePixel;
extern const Test kPrecisions;
extern const Test kNotFinite;
extern const Test kDeterminism;
extern const Test kTraining;
extern const Test kParameters;
extern const Test kGradients;
extern const Test kState;
extern const Test kSaving;
extern const Test kNames;
extern const Test kHandles;
extern const Test kInputsKept;
extern const Test kMemoryRefused;
extern const Test kStatistics;
extern const Test kEmptyBatch;
extern const Test kSamples;
extern const Test kLabels;
extern const Test kSameSample;
extern const Test kReaders;
extern const Test kBuffers;
extern const Test kTransformed;
extern const Test kAlike;
extern const Test kSameTransform;
extern const Test kTransformBuffers;
extern const Test kTransformThreads;
extern const Test kEvaluated;
extern const Test kLossValue;
extern const Test kIgnored;
extern const Test kDivisor;

bool Test::is_for(std::string_view kind) const { return std::string_view(kinds).find(kind) != std::string_view::npos; }

const std::vector<const Test*>& all_tests() {
  static const std::vector<const Test*> tests = {&kNote,
                                                 &kSymbols,
                                                 &kLibraries,
                                                 &kLoading,
                                                 &kDescriptor,
                                                 &kCapabilities,
                                                 &kOptions,
                                                 &kInstances,
                                                 &kThreads,
                                                 &kThreadsOfLoss,
                                                 &kOutputs,
                                                 &kOutputsOfHead,
                                                 &kOutputsOfMemory,
                                                 &kOnePixel,
                                                 &kPrecisions,
                                                 &kNotFinite,
                                                 &kDeterminism,
                                                 &kTraining,
                                                 &kParameters,
                                                 &kGradients,
                                                 &kState,
                                                 &kSaving,
                                                 &kNames,
                                                 &kHandles,
                                                 &kInputsKept,
                                                 &kMemoryRefused,
                                                 &kStatistics,
                                                 &kEmptyBatch,
                                                 &kSamples,
                                                 &kLabels,
                                                 &kSameSample,
                                                 &kReaders,
                                                 &kBuffers,
                                                 &kTransformed,
                                                 &kAlike,
                                                 &kSameTransform,
                                                 &kTransformBuffers,
                                                 &kTransformThreads,
                                                 &kEvaluated,
                                                 &kLossValue,
                                                 &kIgnored,
                                                 &kDivisor};
  return tests;
}

}  // namespace sshost::conform
