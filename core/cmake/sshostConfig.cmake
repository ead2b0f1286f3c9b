# find_package(sshost): sshost::abi (C11 headers), sshost::sdk (C++20 headers), sshost_add_plugin().
get_filename_component(_sshost_prefix "${CMAKE_CURRENT_LIST_DIR}/../../.." ABSOLUTE)
if(NOT TARGET sshost::sdk)
  foreach(_sshost_part abi sdk)
    add_library(sshost::${_sshost_part} INTERFACE IMPORTED)
    set_target_properties(sshost::${_sshost_part} PROPERTIES
                          INTERFACE_INCLUDE_DIRECTORIES "${_sshost_prefix}/include")
  endforeach()
endif()
unset(_sshost_prefix)
include("${CMAKE_CURRENT_LIST_DIR}/SshostPlugin.cmake")
