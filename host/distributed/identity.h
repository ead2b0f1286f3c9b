#ifndef SSHOST_DISTRIBUTED_IDENTITY_H
#define SSHOST_DISTRIBUTED_IDENTITY_H

#include <string>
#include <vector>

#include "config/pipeline.h"
#include "data/dataset.h"
#include "plugin/component.h"
#include "state/ranks.h"

namespace sshost::distributed {

// What has to be the same on all ranks, or they would train something that none of them was told to.
struct Work {
  const config::Pipeline& pipeline;
  const std::vector<const plugin::Component*>& components;
  std::vector<const data::Dataset*> splits;  // those that the run reads, each with its name
};

// As YAML: the resolved pipeline without what each machine has of its own (identity.cpp lists it, and why), the
// plugins' versions and files, the size and the names of each split, and the versions of sshost and LibTorch.
std::string identity_of(const Work& work);

// Throws UsageError on all ranks where their identities differ; rank 0's says in which keys, with the values and the
// ranks that have them.
void require_same_identity(const std::string& own, const state::Ranks& ranks);

// How many samples a split has, and a digest of their names: "57 9f86d081884c7d65".
std::string samples_of(const data::Dataset& split);

}  // namespace sshost::distributed

#endif  // SSHOST_DISTRIBUTED_IDENTITY_H
