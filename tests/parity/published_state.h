// A model's state under the names of the published checkpoints.
#ifndef SSHOST_TESTS_PARITY_PUBLISHED_STATE_H
#define SSHOST_TESTS_PARITY_PUBLISHED_STATE_H

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "model/segmentor.h"
#include "state/state_store.h"

namespace sshost::parity {

// Whose names the fixtures use.
inline constexpr const char* kFormat = "sssegmentation";

// Where the names and shapes of what the model saves differ from those of a published checkpoint, a line each. `keys`
// is `state_dicts/X.keys.json`, the name and shape of every tensor. Throws Error where it is none.
std::vector<std::string> key_differences(const model::Segmentor& segmentor, const state::StateStore& store,
                                         const std::filesystem::path& keys);

// Fills what the model saves by the rule of deterministic.h, under its published name. Integers stay as the network
// made them. Throws Error that lists the entries without such a name.
void fill_by_published_names(const model::Segmentor& segmentor, state::StateStore& store, std::uint64_t seed,
                             double gain);

}  // namespace sshost::parity

#endif  // SSHOST_TESTS_PARITY_PUBLISHED_STATE_H
