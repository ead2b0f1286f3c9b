# sshost::opencv: core and imgproc. Debian ships OpenCV's CMake package only with all of its modules (libopencv-dev and
# several hundred packages), so they are looked up by themselves. Its image codecs stay out of what is built: they bring
# GDAL, which opens what a file's bytes name, and some hundred libraries more (host/image decodes).
#
# sshost::opencv_codecs: imgcodecs, for tests that compare with them; found where libopencv-imgcodecs-dev is installed.
find_path(SSHOST_OPENCV_INCLUDE opencv2/imgproc.hpp PATH_SUFFIXES opencv4 REQUIRED)
mark_as_advanced(SSHOST_OPENCV_INCLUDE)
add_library(sshost_opencv INTERFACE)
add_library(sshost::opencv ALIAS sshost_opencv)
target_include_directories(sshost_opencv SYSTEM INTERFACE "${SSHOST_OPENCV_INCLUDE}")
foreach(_module imgproc core)
  find_library(SSHOST_OPENCV_${_module} opencv_${_module} REQUIRED)
  mark_as_advanced(SSHOST_OPENCV_${_module})
  target_link_libraries(sshost_opencv INTERFACE "${SSHOST_OPENCV_${_module}}")
endforeach()
add_library(sshost_opencv_codecs INTERFACE)
add_library(sshost::opencv_codecs ALIAS sshost_opencv_codecs)
find_library(SSHOST_OPENCV_imgcodecs opencv_imgcodecs)
mark_as_advanced(SSHOST_OPENCV_imgcodecs)
target_link_libraries(sshost_opencv_codecs INTERFACE sshost::opencv)
if(SSHOST_OPENCV_imgcodecs)
  target_link_libraries(sshost_opencv_codecs INTERFACE "${SSHOST_OPENCV_imgcodecs}")
endif()
