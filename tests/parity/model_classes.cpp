#include "parity/model_classes.h"

#include "error.h"

namespace sshost::parity {
namespace {

// Empty where the data set cannot say without its files.
std::vector<data::Class> classes_of_dataset(const engine::Session& session) {
  try {
    return engine::dataset_info(session).classes;
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

std::vector<data::Class> model_classes(const engine::Session& session, const Fixture& fixture) {
  std::vector<data::Class> known = classes_of_dataset(session);
  const auto count = fixture.classes().value_or(static_cast<std::int64_t>(known.size()));
  if (count == 0) {
    throw Error(fixture.path.string() +
                ": expected seg_logits or memory.0, which say how many classes there are, or a " +
                "data set that knows its classes without its files; found neither");
  }
  if (static_cast<std::int64_t>(known.size()) == count) return known;
  std::vector<data::Class> classes;
  for (std::int64_t index = 0; index < count; ++index) classes.push_back({std::to_string(index), {}, index});
  return classes;
}

}  // namespace sshost::parity
