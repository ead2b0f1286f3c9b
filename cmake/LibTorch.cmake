# sshost::torch: LibTorch as imported targets of our own. find_package(Torch) is not used, since it fails for a
# CUDA wheel on a machine without the CUDA toolkit, and adds flags that nothing here needs.
#
# The folder: SSHOST_LIBTORCH, of the environment or of the cache (-DSSHOST_LIBTORCH=), else what
# scripts/fetch_libtorch.sh unpacked. It holds include/ and lib/, as LibTorch's archive and a wheel's torch folder do.
if(NOT "$ENV{SSHOST_LIBTORCH}" STREQUAL "")
  set_property(CACHE SSHOST_LIBTORCH PROPERTY VALUE "$ENV{SSHOST_LIBTORCH}")  # kept for when Ninja configures again
endif()
set(_torch "${SSHOST_LIBTORCH}")
if(NOT _torch)
  set(_torch "${CMAKE_SOURCE_DIR}/build/deps/libtorch-2.13.0")
endif()
get_filename_component(_torch "${_torch}" ABSOLUTE BASE_DIR "${CMAKE_SOURCE_DIR}")

foreach(_needed include/ATen/ATen.h include/torch/headeronly/version.h lib/libtorch_cpu.so lib/libc10.so lib/libgomp.so.1)
  if(NOT EXISTS "${_torch}/${_needed}")
    message(FATAL_ERROR
            "No LibTorch in ${_torch} (${_needed} is missing).\n"
            "Run scripts/fetch_libtorch.sh, or name your own by SSHOST_LIBTORCH=<folder with include/ and lib/>.\n"
            "The one that was named last is remembered; `cmake --preset release -USSHOST_LIBTORCH` forgets it.")
  endif()
endforeach()
file(STRINGS "${_torch}/include/torch/headeronly/version.h" _line REGEX "\"[0-9]+\\.[0-9]+\\.[0-9]+.*\"")
string(REGEX MATCH "[0-9]+\\.[0-9]+\\.[0-9]+" SSHOST_LIBTORCH_VERSION "${_line}")
if(NOT SSHOST_LIBTORCH_VERSION MATCHES "^2\\.13\\.")
  message(WARNING "LibTorch ${SSHOST_LIBTORCH_VERSION} in ${_torch}: only 2.13 is tested")
endif()

# The wheel's include/ also carries other projects' headers (fmt, pybind11, protobuf, oneDNN). Its fmt would shadow
# the one that the system's spdlog is built with, so only LibTorch's own folders are put on the include path. It is
# called otherwise for each LibTorch, whose headers may all be older than what was compiled with another one's.
string(SHA256 _hash "${_torch}")
string(SUBSTRING "${_hash}" 0 8 _hash)
set(_include "${CMAKE_BINARY_DIR}/libtorch-include/${SSHOST_LIBTORCH_VERSION}-${_hash}")
file(MAKE_DIRECTORY "${_include}")
foreach(_name ATen c10 caffe2 torch)
  file(CREATE_LINK "${_torch}/include/${_name}" "${_include}/${_name}" SYMBOLIC)
endforeach()

set(_gomp "${_torch}/lib/libgomp.so.1")  # what LibTorch itself runs on; a second runtime would have threads of its own
foreach(_name torch_cpu c10)
  add_library(sshost_${_name} SHARED IMPORTED GLOBAL)
  set_target_properties(sshost_${_name} PROPERTIES IMPORTED_LOCATION "${_torch}/lib/lib${_name}.so")
endforeach()
add_library(sshost_torch INTERFACE)
add_library(sshost::torch ALIAS sshost_torch)
target_include_directories(sshost_torch SYSTEM INTERFACE "${_include}" "${_include}/torch/csrc/api/include")
target_link_libraries(sshost_torch INTERFACE sshost_torch_cpu sshost_c10 "${_gomp}")
# LibTorch's headers then include the operators that they need, not all 2,000.
target_compile_definitions(sshost_torch INTERFACE AT_PER_OPERATOR_HEADERS)

# CMake orders libraries by who needs whom, which may put OpenCV first, and with it the BLAS that Debian's OpenCV
# brings: LibTorch would call that one, 50 times slower. Link options stand before all libraries, so LibTorch is
# named here once more. Its CUDA half, where there is one, registers itself when loaded: nothing refers to it.
set(_first "-Wl,--push-state,--no-as-needed")
foreach(_name torch_cpu torch_cuda c10 c10_cuda)
  if(EXISTS "${_torch}/lib/lib${_name}.so")
    string(APPEND _first ",${_torch}/lib/lib${_name}.so")
  endif()
endforeach()
target_link_options(sshost_torch INTERFACE "${_first},--pop-state")
message(STATUS "LibTorch ${SSHOST_LIBTORCH_VERSION}: ${_torch}")

# NCCL, which takes tensors from GPU to GPU: a CUDA LibTorch contains it, but its header asks for those of CUDA and
# NCCL. They lie beside the torch folder of a wheel (nvidia/*/include) or in a CUDA toolkit; CMAKE_INCLUDE_PATH goes
# before. Where one is missing, sshost is built without (host/distributed/nccl_absent.cpp).
set(SSHOST_NCCL_INCLUDE_DIRS "")
set(_missing "")
if(EXISTS "${_torch}/lib/libtorch_cuda.so")
  file(GLOB _beside LIST_DIRECTORIES true "${_torch}/../nvidia/*")
  foreach(_header nccl.h cuda_runtime_api.h crt/host_defines.h cublas_v2.h cusolverDn.h cusparse.h)
    unset(_folder)
    find_path(_folder "${_header}" HINTS ${_beside} PATHS ENV CUDA_HOME /usr/local/cuda PATH_SUFFIXES include NO_CACHE)
    if(_folder)
      list(APPEND SSHOST_NCCL_INCLUDE_DIRS "${_folder}")
    else()
      list(APPEND _missing "${_header}")
    endif()
  endforeach()
  list(REMOVE_DUPLICATES SSHOST_NCCL_INCLUDE_DIRS)
else()
  set(_missing "libtorch_cuda.so")
endif()
if(_missing)
  set(SSHOST_NCCL_INCLUDE_DIRS "")
  list(JOIN _missing ", " _missing)
  if(NOT _missing STREQUAL "libtorch_cuda.so")
    message(NOTICE "NCCL: none, without ${_missing}")
  endif()
else()
  list(GET SSHOST_NCCL_INCLUDE_DIRS 0 _folder)
  message(NOTICE "NCCL: ${_folder}")
endif()
