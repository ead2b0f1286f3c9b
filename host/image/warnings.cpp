#include "image/warnings.h"

namespace sshost::image {
namespace {

thread_local Warnings* collecting = nullptr;

}  // namespace

Warnings::Warnings() { collecting = this; }

Warnings::~Warnings() { collecting = nullptr; }

void Warnings::add(const std::string& warning) {
  if (collecting != nullptr) collecting->found_.push_back(warning);
}

}  // namespace sshost::image
