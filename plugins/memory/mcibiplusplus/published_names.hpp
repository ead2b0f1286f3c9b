// How sssegmentation's checkpoints name what the memory declares.
#ifndef SSHOST_MCIBIPLUSPLUS_PUBLISHED_NAMES_HPP
#define SSHOST_MCIBIPLUSPLUS_PUBLISHED_NAMES_HPP

#include <sshost/names.hpp>

#include <cstddef>
#include <vector>

namespace mcibiplusplus {

// `levels`: of the feature pyramid below its top, 0 without one.
std::vector<ss::NameRule> published_names(std::size_t levels);

}  // namespace mcibiplusplus

#endif
