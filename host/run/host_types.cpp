#include "run/host_types.h"

#include "data/transform_type.h"
#include "model/loss_type.h"
#include "optimize/optimizer_type.h"
#include "optimize/schedule_type.h"

namespace sshost::run {

const config::HostTypes& host_types() {
  static const config::HostTypes types{
      config::host_types_of(data::transform_types()), config::host_types_of(model::loss_types()),
      config::host_types_of(optimize::optimizer_types()), config::host_types_of(optimize::schedule_types())};
  return types;
}

}  // namespace sshost::run
