#ifndef SSHOST_PLUGIN_SUBMISSION_CHECK_H
#define SSHOST_PLUGIN_SUBMISSION_CHECK_H

#include <string>

#include <sshost/abi/submission.h>

namespace sshost::plugin {

// Checks the layouts that `owner` ("ss.dataset/1 "pets"") offers: sizes, pointers, text, names that are folders, each
// once. Throws Refused with the layout that is wrong and why.
void check_submissions(const ss_submission_table& table, const std::string& owner);

}  // namespace sshost::plugin

#endif  // SSHOST_PLUGIN_SUBMISSION_CHECK_H
