#ifndef SSHOST_LAYER_OPERATORS_H
#define SSHOST_LAYER_OPERATORS_H

namespace sshost::layer {

// Makes the host's own operators known to LibTorch, so that plugins call them by name as they call its own:
//   sshost::attention(Tensor query, Tensor key, Tensor value, float scale) -> Tensor
//     softmax(scale * query . key) . value of query [N, L, C], key [N, C, S], value [N, S, D]: [N, L, D]. With gradients
//     and on other devices it is those operators; else kernel/attend.
// Threads: any; what comes after the first call does nothing.
void register_operators();

}  // namespace sshost::layer

#endif  // SSHOST_LAYER_OPERATORS_H
