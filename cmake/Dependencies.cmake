# What the host is built on, apart from LibTorch; all of it Debian packages (scripts/install_packages.sh).
find_package(Threads REQUIRED)
find_package(spdlog REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(yaml-cpp REQUIRED)
find_package(CLI11 REQUIRED)
find_package(Boost 1.74 REQUIRED)
find_library(SSHOST_HWY hwy REQUIRED)  # Google Highway
mark_as_advanced(SSHOST_HWY)
find_package(PNG REQUIRED)
find_package(TIFF 4.5 REQUIRED)
if(SSHOST_BUILD_TESTS)
  find_package(GTest REQUIRED)
endif()
