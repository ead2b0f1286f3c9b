#ifndef SSHOST_TESTS_PLUGIN_SUPPORT_H
#define SSHOST_TESTS_PLUGIN_SUPPORT_H

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <sshost/abi/host.h>

#include "plugin/registry.h"

namespace sshost::plugin {

// A host with the capability "ss.tensor/1", the operator "aten::relu", and a log that is kept.
class FakeHost {
 public:
  FakeHost();
  FakeHost(const FakeHost&) = delete;
  FakeHost& operator=(const FakeHost&) = delete;

  const ss_host* abi() const { return &outer_.table; }
  const std::vector<std::string>& log() const { return outer_.log; }
  static bool has_operator(std::string_view name) { return name == "aten::relu"; }

 private:
  struct Outer {
    ss_host table;
    std::string message;
    std::vector<std::string> log;
  };
  Outer outer_;
};

// A library of the folder libraries/, such as "plain".
std::filesystem::path library(const std::string& name);

// What `work` throws: its text, or "" where it throws nothing.
std::string message_of(const std::function<void()>& work);

// The registry of just these files, named by a pipeline.
Registry load_files(const FakeHost& host, const std::vector<std::filesystem::path>& files,
                    std::chrono::milliseconds probe_limit = std::chrono::seconds(60));

// Why a single file is refused, or "" where it is not.
std::string refusal_of(const std::filesystem::path& file,
                       std::chrono::milliseconds probe_limit = std::chrono::seconds(60));

}  // namespace sshost::plugin

#endif  // SSHOST_TESTS_PLUGIN_SUPPORT_H
