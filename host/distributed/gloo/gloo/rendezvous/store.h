#ifndef SSHOST_GLOO_RENDEZVOUS_STORE_H
#define SSHOST_GLOO_RENDEZVOUS_STORE_H

#include <chrono>
#include <string>
#include <vector>

namespace gloo::rendezvous {

// Its members' order need not be Gloo's, since no object of it is made or used here.
class Store {
 public:
  virtual ~Store() = default;
  virtual void set(const std::string& key, const std::vector<char>& value) = 0;
  virtual std::vector<char> get(const std::string& key) = 0;
  virtual void wait(const std::vector<std::string>& keys) = 0;
  virtual void wait(const std::vector<std::string>& keys, const std::chrono::milliseconds& timeout) = 0;
};

}  // namespace gloo::rendezvous

#endif
