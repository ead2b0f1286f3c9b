#ifndef SSHOST_DATA_DATASET_COMPONENT_H
#define SSHOST_DATA_DATASET_COMPONENT_H

#include <sshost/abi/plugin.h>

#include <filesystem>
#include <string>

#include "data/sample.h"

namespace sshost::data {

// A data set component of a plugin, created for one split; destroyed with the object. Its classes are known without its
// files, as far as the plugin can do without them.
class DatasetComponent {
 public:
  // As Dataset's constructor.
  DatasetComponent(const ss_component& component, const std::filesystem::path& library, ss_options options,
                   const std::string& split, int64_t image_channels = 3);
  ~DatasetComponent();
  DatasetComponent(const DatasetComponent&) = delete;
  DatasetComponent& operator=(const DatasetComponent&) = delete;

  // The classes, checked: each has a name of its own, and the ignored label is none of them. config::ValueError where
  // the pipeline may have given what is wrong, Error where else they break the contract.
  DatasetInfo info() const;

  const ss_dataset_table& table() const { return table_; }
  void* self() const { return self_; }
  const std::string& who() const { return who_; }  // `dataset camvid (…/camvid.so)`

 private:
  const ss_dataset_table& table_;
  std::string who_;
  bool has_label_map_;
  void* self_ = nullptr;
};

}  // namespace sshost::data

#endif  // SSHOST_DATA_DATASET_COMPONENT_H
