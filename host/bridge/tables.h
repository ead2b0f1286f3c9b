// The function tables that the bridge implements by itself. Each lives as long as the process.
#ifndef SSHOST_BRIDGE_TABLES_H
#define SSHOST_BRIDGE_TABLES_H

#include <sshost/abi/files.h>
#include <sshost/abi/images.h>
#include <sshost/abi/ops.h>
#include <sshost/abi/options.h>
#include <sshost/abi/tensor.h>

#include <string_view>

namespace sshost::bridge {

const ss_tensor_table* tensor_table();    // ss.tensor/1
const ss_ops_table* ops_table();          // ss.ops/1
const ss_options_table* options_table();  // ss.options/1, over config/option_value.h
const ss_images_table* images_table();    // ss.images/1
const ss_files_table* files_table();      // ss.files/1, over file/find_files.h

// Whether ss.ops/1 would resolve `name`. Any thread.
bool has_operator(std::string_view name);

}  // namespace sshost::bridge

#endif  // SSHOST_BRIDGE_TABLES_H
