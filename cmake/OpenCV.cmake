# sshost::opencv: core, imgproc and imgcodecs. Debian ships OpenCV's CMake package only with all of its modules
# (libopencv-dev and several hundred packages), so the three are looked up by themselves.
find_path(SSHOST_OPENCV_INCLUDE opencv2/imgcodecs.hpp PATH_SUFFIXES opencv4 REQUIRED)
mark_as_advanced(SSHOST_OPENCV_INCLUDE)
add_library(sshost_opencv INTERFACE)
add_library(sshost::opencv ALIAS sshost_opencv)
target_include_directories(sshost_opencv SYSTEM INTERFACE "${SSHOST_OPENCV_INCLUDE}")
foreach(_module imgcodecs imgproc core)
  find_library(SSHOST_OPENCV_${_module} opencv_${_module} REQUIRED)
  mark_as_advanced(SSHOST_OPENCV_${_module})
  target_link_libraries(sshost_opencv INTERFACE "${SSHOST_OPENCV_${_module}}")
endforeach()
