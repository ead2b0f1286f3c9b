// Construction of a component from the pipeline's options.
#ifndef SSHOST_DETAIL_CREATE_HPP
#define SSHOST_DETAIL_CREATE_HPP

#include <concepts>
#include <utility>

#include "component.hpp"

namespace ss {
inline namespace SS_HIDDEN v1 {
namespace detail {

// A T from (what it builds with, its options, what the host tells); a component without options leaves them out.
template <class T, class Options, class Build, class Spec>
T* make(ss_options options, Build& build, const Spec& spec) {
  if constexpr (std::same_as<Options, NoOptions> && std::constructible_from<T, Build&, const Spec&>) {
    return new T(build, spec);
  } else {
    return new T(build, component_schema<T, Options>().read(options), spec);
  }
}

// The same of a component that declares nothing.
template <class T, class Options, class Spec>
T* make(ss_options options, const Spec& spec) {
  if constexpr (std::same_as<Options, NoOptions> && std::constructible_from<T, const Spec&>) {
    return new T(spec);
  } else {
    return new T(component_schema<T, Options>().read(options), spec);
  }
}

}  // namespace detail
}  // namespace v1
}  // namespace ss

#endif
