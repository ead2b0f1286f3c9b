# Builds the host for the wheel, in build/wheel/host, with the LibTorch that SSHOST_LIBTORCH names or that
# scripts/fetch_libtorch.sh fetches. Sets SSHOST_BUILD. The second time only what has changed is compiled.
set(SSHOST_BUILD "${root}/build/wheel/host")
if("$ENV{SSHOST_LIBTORCH}" STREQUAL "" AND NOT EXISTS "${root}/build/deps/libtorch-2.13.0/lib/libtorch_cpu.so")
  execute_process(COMMAND "${root}/scripts/fetch_libtorch.sh" COMMAND_ERROR_IS_FATAL ANY)
endif()
cmake_host_system_information(RESULT cores QUERY NUMBER_OF_LOGICAL_CORES)
if(NOT "$ENV{SSHOST_JOBS}" STREQUAL "")
  set(cores "$ENV{SSHOST_JOBS}")
endif()
execute_process(COMMAND "${CMAKE_COMMAND}" -S "${root}" -B "${SSHOST_BUILD}" -G "${CMAKE_GENERATOR}"
                        -DCMAKE_BUILD_TYPE=Release -DSSHOST_BUILD_TESTS=OFF
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${CMAKE_COMMAND}" --build "${SSHOST_BUILD}" --parallel "${cores}" COMMAND_ERROR_IS_FATAL ANY)
