// Lists that lie beside pictures: of a split's names, and of classes.
#include <cstddef>
#include <cstdint>
#include <sshost/name_list.hpp>
#include <string>
#include <vector>

#include "base/error.h"
#include "draft/class_names.h"
#include "fuzz/written_file.h"

namespace {

using namespace sshost;

void read_names(const std::filesystem::path& path) {
  const auto names = ss::read_list(path);
  if (!names) __builtin_trap();  // it is there
  for (const ss::ListedName& name : *names) {
    if (name.text.empty() || name.shown().size() > 200 || name.line < 1) __builtin_trap();
  }
}

void read_classes(const std::filesystem::path& folder) {
  constexpr size_t kClasses = 3;
  const draft::ClassNames found = draft::find_class_names(folder);
  std::vector<std::string> assumptions;
  if (draft::names_for(found, kClasses, true, assumptions).size() != kClasses) __builtin_trap();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const test::WrittenFile file("classes.txt", data, size);
  test::refusable([&] { read_names(file.path()); });
  test::refusable([&] { read_classes(file.path().parent_path()); });
  return 0;
}
