#ifndef SSHOST_DRAFT_BYSTANDERS_H
#define SSHOST_DRAFT_BYSTANDERS_H

#include <filesystem>
#include <string>
#include <vector>

namespace sshost::draft {

// What lies in a folder and may have been meant as labels, though it is not read: a line for each kind, with an example
// and what to do. Images that cannot be decoded are among them.
std::vector<std::string> bystanders(const std::filesystem::path& folder);

}  // namespace sshost::draft

#endif  // SSHOST_DRAFT_BYSTANDERS_H
