#ifndef SSHOST_LAYER_LAYERS_TABLE_H
#define SSHOST_LAYER_LAYERS_TABLE_H

#include <sshost/abi/layers.h>

namespace sshost::layer {

// ss.layers/1, over Layer and state::Builder. Lives as long as the process.
const ss_layers_table* layers_table();

// ss.layers/2, beside it.
const ss_layers_2_table* layers_2_table();

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_LAYERS_TABLE_H
