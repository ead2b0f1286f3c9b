# sshost_add_host_library(NAME <name> [TORCH] [COLD] [SOURCES <file>...] [LINK <target>...])
#
# One folder of host/ as the static library sshost_<name>; includes read "<folder>/<file>.h".
#   TORCH    the sources see LibTorch (and its precompiled header); left out where SSHOST_TORCH is off
#   COLD     nothing in it runs once for each image or pixel: compiled by -O1, which takes a quarter less time
#   SOURCES  listed, not globbed; none yet gives an interface library, so that others can already link it
#   LINK     passed on to whoever links this library
function(sshost_add_host_library)
  cmake_parse_arguments(PARSE_ARGV 0 arg "TORCH;COLD" "NAME" "SOURCES;LINK")
  if(arg_UNPARSED_ARGUMENTS OR NOT arg_NAME)
    message(FATAL_ERROR "sshost_add_host_library: NAME is missing, or unknown words: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(arg_TORCH AND NOT SSHOST_TORCH)
    return()
  endif()
  set(target sshost_${arg_NAME})
  if(NOT arg_SOURCES)
    add_library(${target} INTERFACE)
    target_link_libraries(${target} INTERFACE sshost_host_base ${arg_LINK})
    return()
  endif()
  add_library(${target} STATIC ${arg_SOURCES})
  target_link_libraries(${target} PUBLIC sshost_host_base)
  if(arg_TORCH)
    sshost_use_torch(${target})
  endif()
  target_link_libraries(${target} PUBLIC ${arg_LINK})
  sshost_host_flags(${target})
  if(arg_COLD)
    sshost_compile_cold(${target})
  endif()
endfunction()

# sshost_list_types(<name> NAMESPACE <ns> TYPE <Type> SUFFIX <word> FILES <file>...)
#
# One type of the host's own a file: <stem>.cpp has a function <stem>_<word> that gives a `const Type&`, as the header
# <ns>/<word>_type.h says. Sets <name> to the files and to one that is written here: the function <name> of the header,
# which gives all of them in this order.
function(sshost_list_types name)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "NAMESPACE;TYPE;SUFFIX" "FILES")
  set(declarations)
  set(addresses)
  foreach(file ${arg_FILES})
    get_filename_component(stem "${file}" NAME_WE)
    string(APPEND declarations "const ${arg_TYPE}& ${stem}_${arg_SUFFIX}();\n")
    list(APPEND addresses "&${stem}_${arg_SUFFIX}()")
  endforeach()
  list(JOIN addresses ", " addresses)
  set(source "${CMAKE_CURRENT_BINARY_DIR}/${name}.cpp")
  file(CONFIGURE OUTPUT "${source}" CONTENT
"// Written by sshost_list_types.
#include \"${arg_NAMESPACE}/${arg_SUFFIX}_type.h\"

namespace sshost::${arg_NAMESPACE} {

${declarations}
std::span<const ${arg_TYPE}* const> ${name}() {
  static const ${arg_TYPE}* const types[] = {${addresses}};
  return types;
}

}  // namespace sshost::${arg_NAMESPACE}
" @ONLY)
  set(${name} ${arg_FILES} "${source}" PARENT_SCOPE)
endfunction()

# The flags that all code of the host shares. They are the same for static libraries, libsshost.so and executables
# (hence -fPIC, not CMake's choice by kind of target), since a precompiled header is only taken by code with its own
# flags.
function(sshost_host_flags target)
  target_compile_options(${target} PRIVATE -fPIC ${SSHOST_WARNINGS})
endfunction()

function(sshost_compile_cold target)
  target_compile_options(${target} PRIVATE $<$<CONFIG:Release>:-O1>)
endfunction()

# sshost_precompile(<pch> <header>... [LINK <target>...]): headers that are compiled once. The flags of whoever takes
# them by sshost_use_precompiled have to be those of the target <pch>.
function(sshost_precompile pch)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK")
  add_library(${pch} STATIC "${PROJECT_SOURCE_DIR}/host/precompiled.cpp")
  target_link_libraries(${pch} PUBLIC ${arg_LINK})
  target_precompile_headers(${pch} PRIVATE ${arg_UNPARSED_ARGUMENTS})
  sshost_pch_flags(${pch})
  sshost_host_flags(${pch})
endfunction()

function(sshost_use_precompiled target pch)
  target_precompile_headers(${target} REUSE_FROM ${pch})
  sshost_pch_flags(${target})
endfunction()

# sshost_precompile_torch(<pch> [<header>...] [LINK <target>...]): LibTorch's headers, and others behind them.
function(sshost_precompile_torch pch)
  cmake_parse_arguments(PARSE_ARGV 1 arg "" "" "LINK")
  sshost_precompile(${pch} "${PROJECT_SOURCE_DIR}/host/torch_pch.h" ${arg_UNPARSED_ARGUMENTS}
                    LINK sshost::torch ${arg_LINK})
endfunction()

# sshost_use_torch(<target> [<pch>]): LibTorch and its precompiled headers, by default those that the host takes.
function(sshost_use_torch target)
  set(pch sshost_torch_pch ${ARGN})
  list(GET pch -1 pch)
  target_link_libraries(${target} PUBLIC sshost::torch)
  sshost_use_precompiled(${target} ${pch})
endfunction()

function(sshost_pch_flags target)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(${target} PRIVATE -fpch-preprocess)  # without it ccache does not see the header
  endif()
endfunction()

# sshost_add_host_program([SOURCES <file>...] [LINK <target>...])
#
# The program that does the work, libexec/sshost/sshost-main, as the target sshost_main.
function(sshost_add_host_program)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "SOURCES;LINK")
  if(NOT SSHOST_TORCH OR NOT arg_SOURCES)
    return()
  endif()
  add_executable(sshost_main ${arg_SOURCES})
  target_link_libraries(sshost_main PRIVATE sshost_host_base)
  sshost_use_torch(sshost_main)
  target_link_libraries(sshost_main PRIVATE ${arg_LINK})
  sshost_host_flags(sshost_main)
  sshost_compile_cold(sshost_main)
  # Not "sshost": Ninja would build it, and not the launcher, under that name.
  set_target_properties(sshost_main PROPERTIES OUTPUT_NAME sshost-main)
  sshost_install_program(sshost_main FOLDER libexec/sshost)
  if(SSHOST_BUNDLE_LIBTORCH)
    get_target_property(path sshost_torch_cpu IMPORTED_LOCATION)
    get_filename_component(path "${path}" DIRECTORY)
    file(GLOB libraries "${path}/lib*.so*")
    install(FILES ${libraries} DESTINATION lib/sshost/torch)
  endif()
endfunction()

# sshost_add_launcher(SOURCES <file>... [LINK <target>...])
#
# The program that people run, bin/sshost, as the target sshost: it executes sshost_main. Of the libraries that LINK
# names it loads those that it uses.
function(sshost_add_launcher)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "" "SOURCES;LINK")
  if(NOT TARGET sshost_main)
    return()
  endif()
  add_executable(sshost ${arg_SOURCES})
  target_link_libraries(sshost PRIVATE ${arg_LINK})
  target_link_options(sshost PRIVATE -Wl,--as-needed)
  sshost_host_flags(sshost)
  add_dependencies(sshost sshost_main)
  set_target_properties(sshost PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/bin")
  install(TARGETS sshost RUNTIME DESTINATION bin)
endfunction()

# sshost_add_shared_library(SOURCES <file>... SYMBOLS <version script> HEADERS <file>... [LINK <target>...])
#
# libsshost.so, for programs that embed the host. It finds LibTorch as the program does.
function(sshost_add_shared_library)
  cmake_parse_arguments(PARSE_ARGV 0 arg "" "SYMBOLS" "SOURCES;HEADERS;LINK")
  if(NOT SSHOST_TORCH)
    return()
  endif()
  file(STRINGS sshost/api.h major REGEX "define SSHOST_API_MAJOR")
  string(REGEX MATCH "[0-9]+$" major "${major}")
  add_library(sshost_shared SHARED ${arg_SOURCES})
  target_link_libraries(sshost_shared PRIVATE sshost_host_base)
  sshost_use_torch(sshost_shared)
  target_link_libraries(sshost_shared PRIVATE ${arg_LINK})
  sshost_host_flags(sshost_shared)
  set(symbols "${CMAKE_CURRENT_SOURCE_DIR}/${arg_SYMBOLS}")
  target_link_options(sshost_shared PRIVATE "-Wl,--version-script=${symbols}" -Wl,--no-undefined)
  sshost_torch_search_path(path lib)
  set_target_properties(
    sshost_shared PROPERTIES OUTPUT_NAME sshost DEFINE_SYMBOL "" VERSION "${PROJECT_VERSION}" SOVERSION "${major}"
                             LIBRARY_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib" LINK_DEPENDS "${symbols}"
                             INSTALL_RPATH "${path}" BUILD_WITH_INSTALL_RPATH ON)
  install(TARGETS sshost_shared LIBRARY DESTINATION lib OPTIONAL)
  install(FILES ${arg_HEADERS} DESTINATION include/sshost)
  file(COPY ${arg_HEADERS} DESTINATION "${CMAKE_BINARY_DIR}/include/sshost")
endfunction()

# sshost_torch_search_path(<variable> <folder>): where the loader looks for LibTorch, for a file that is installed in
# that folder: where the build found it; with SSHOST_BUNDLE_LIBTORCH first in lib/sshost/torch of its own prefix.
function(sshost_torch_search_path variable folder)
  get_target_property(path sshost_torch_cpu IMPORTED_LOCATION)
  get_filename_component(path "${path}" DIRECTORY)
  if(SSHOST_BUNDLE_LIBTORCH)
    string(REGEX REPLACE "[^/]+" ".." up "${folder}")
    list(PREPEND path "$ORIGIN/${up}/lib/sshost/torch")
  endif()
  set(${variable} "${path}" PARENT_SCOPE)
endfunction()

# sshost_install_program(<target> [FOLDER <folder>] [OPTIONAL])
#
# Puts an executable into bin/ or another folder, of the build as of an installation. It finds LibTorch where it was
# built with it, with SSHOST_BUNDLE_LIBTORCH first in lib/sshost/torch of its own prefix. OPTIONAL: where it has been
# built.
#
# Both have the same search path: to make room for another one CMake would fill up that of the build with colons,
# between which the working directory is meant.
function(sshost_install_program target)
  cmake_parse_arguments(PARSE_ARGV 1 arg "OPTIONAL" "FOLDER" "")
  if(NOT arg_FOLDER)
    set(arg_FOLDER bin)
  endif()
  sshost_torch_search_path(path "${arg_FOLDER}")
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/${arg_FOLDER}"
                                             INSTALL_RPATH "${path}" BUILD_WITH_INSTALL_RPATH ON)
  if(arg_OPTIONAL)
    set(optional OPTIONAL)
  endif()
  install(TARGETS ${target} RUNTIME DESTINATION "${arg_FOLDER}" ${optional})
endfunction()

# sshost_without_torch(<file>...): sources of a target with LibTorch that see none of it. Its precompiled header takes
# two seconds to load, most of these files less than one to compile.
function(sshost_without_torch)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_PRECOMPILE_HEADERS ON)
endfunction()

# sshost_with_threads(<file>...): files of the calling folder that call at::parallel_for, a template that runs on one
# thread where OpenMP is off. The runtime is LibTorch's own, which is mapped already; the headers that are compiled
# before know of no OpenMP.
function(sshost_with_threads)
  set_source_files_properties(${ARGN} PROPERTIES COMPILE_OPTIONS -fopenmp SKIP_PRECOMPILE_HEADERS ON)
endfunction()
