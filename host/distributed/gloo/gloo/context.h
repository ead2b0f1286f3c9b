#ifndef SSHOST_GLOO_CONTEXT_H
#define SSHOST_GLOO_CONTEXT_H

#include <chrono>

namespace gloo {

class Context {
 public:
  void setTimeout(std::chrono::milliseconds timeout);
};

namespace transport {
class UnboundBuffer;
}  // namespace transport

}  // namespace gloo

#endif
