#ifndef SSHOST_GLOO_TRANSPORT_DEVICE_H
#define SSHOST_GLOO_TRANSPORT_DEVICE_H

namespace gloo::transport {

class Device;

}  // namespace gloo::transport

#endif
