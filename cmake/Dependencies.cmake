# What the host is built on, apart from LibTorch; all of it Debian packages (scripts/install_packages.sh).
find_package(Threads REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_library(SSHOST_HWY hwy REQUIRED)  # Google Highway
mark_as_advanced(SSHOST_HWY)
find_library(SSHOST_XXHASH xxhash REQUIRED)  # checksums
mark_as_advanced(SSHOST_XXHASH)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(TIFF 4.5 REQUIRED)
add_library(sshost_webp INTERFACE)
add_library(sshost::webp ALIAS sshost_webp)
foreach(_library webpdemux webp)
  find_library(SSHOST_${_library} ${_library} REQUIRED)
  mark_as_advanced(SSHOST_${_library})
  target_link_libraries(sshost_webp INTERFACE "${SSHOST_${_library}}")
endforeach()
find_library(SSHOST_UTF8PROC utf8proc REQUIRED)  # names that file systems fold
mark_as_advanced(SSHOST_UTF8PROC)
find_library(SSHOST_LIBMD md REQUIRED)  # SHA-256
mark_as_advanced(SSHOST_LIBMD)
# The schema of ONNX, and what reads and writes it: inside the program, which has no symbols of it to show.
find_path(SSHOST_ONNX_SCHEMA onnx/onnx.proto REQUIRED)
find_program(SSHOST_PROTOC protoc REQUIRED)
find_library(SSHOST_PROTOBUF_LITE libprotobuf-lite.a REQUIRED)
mark_as_advanced(SSHOST_ONNX_SCHEMA SSHOST_PROTOC SSHOST_PROTOBUF_LITE)
if(SSHOST_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
