#ifndef SSHOST_BASE_FOREIGN_JSON_H
#define SSHOST_BASE_FOREIGN_JSON_H

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

namespace sshost {

// JSON that anybody may have written, such as a checkpoint's metadata or a run's metrics. Throws Error, with the reason
// alone, for what is none, and for what nests more than 32 levels deep: whoever copies or writes such a value goes into
// it by recursion.
nlohmann::json parse_foreign_json(std::string_view text);

// A value of it for a message: a number or a text as it stands, cut where it is long; else "a list", "a map".
std::string shown(const nlohmann::json& value);

}  // namespace sshost

#endif  // SSHOST_BASE_FOREIGN_JSON_H
