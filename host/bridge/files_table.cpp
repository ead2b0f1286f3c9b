#include <sshost/abi/files.h>

#include <filesystem>
#include <string>

#include "bridge/boundary.h"
#include "bridge/tables.h"
#include "file/find_files.h"

namespace sshost::bridge {
namespace {

ss_status find(ss_string root, ss_string pattern, const ss_file_sink* sink) {
  return guarded([&] {
    for (const file::Seen& seen : file::find_files(std::filesystem::path(view(root)), std::string(view(pattern)))) {
      const ss_status status =
          sink->file(sink->self, seen.kind, to_ss_string(seen.path.native()), to_ss_string(seen.name));
      if (status != SS_OK) return status;
    }
    return ss_status{SS_OK};
  });
}

ss_string words(ss_file_kind kind) { return to_ss_string(file::words_of(kind)); }

constexpr ss_files_table kTable = {find, words};

}  // namespace

const ss_files_table* files_table() { return &kTable; }

}  // namespace sshost::bridge
