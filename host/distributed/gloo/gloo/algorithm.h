// Declarations of Gloo, as many as PyTorch's ProcessGroupGloo.hpp needs: LibTorch contains the library, but its wheel
// has no headers of it. Only pointers to these types are ever handled here. The other headers of this folder are alike.
#ifndef SSHOST_GLOO_ALGORITHM_H
#define SSHOST_GLOO_ALGORITHM_H
#endif
