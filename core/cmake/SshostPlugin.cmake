# sshost_add_plugin(NAME <name> SOURCES <file>... [OUTPUT_DIRECTORY <folder>] [NO_INSTALL])
#
# Builds <name>.so, a plugin that sshost loads, as the target plugin_<name>. C++ sources are C++20 and may include
# <sshost/*.hpp>; C sources are C11 and include <sshost/abi/*.h>; a project with LANGUAGES C alone is fine.
#   OUTPUT_DIRECTORY  where the .so goes; default: lib/sshost/plugins of the build tree
#   NO_INSTALL        do not install it (default: lib/sshost/plugins of the prefix)
#
# Nothing but the headers is linked. What makes the .so loadable by any later host, whatever built that:
#   - it exports ss_plugin_entry alone, so it cannot collide with the host's or another plugin's symbols;
#   - libstdc++ and libgcc are linked in, so it does not depend on the ones that the host has;
#   - no symbol is left open and binding is immediate: what is missing shows when linking or loading, not later.
function(sshost_add_plugin)
  cmake_parse_arguments(PARSE_ARGV 0 arg "NO_INSTALL" "NAME;OUTPUT_DIRECTORY" "SOURCES")
  if(NOT arg_NAME OR NOT arg_SOURCES OR arg_UNPARSED_ARGUMENTS)
    message(FATAL_ERROR "sshost_add_plugin(NAME <name> SOURCES <file>... [OUTPUT_DIRECTORY <folder>] [NO_INSTALL])"
                        ": NAME or SOURCES is missing, or unknown words: ${arg_UNPARSED_ARGUMENTS}")
  endif()
  if(NOT arg_OUTPUT_DIRECTORY)
    set(arg_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}/lib/sshost/plugins")
  endif()

  set(target plugin_${arg_NAME})
  set(map "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/plugin.map")
  add_library(${target} MODULE ${arg_SOURCES})
  target_link_libraries(${target} PRIVATE sshost::sdk)
  set_target_properties(${target} PROPERTIES
    PREFIX "" OUTPUT_NAME "${arg_NAME}" LIBRARY_OUTPUT_DIRECTORY "${arg_OUTPUT_DIRECTORY}"
    C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF C_VISIBILITY_PRESET hidden
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF CXX_VISIBILITY_PRESET hidden
    VISIBILITY_INLINES_HIDDEN ON LINK_DEPENDS "${map}")
  target_link_options(${target} PRIVATE "-Wl,--version-script=${map}" -Wl,-z,now -Wl,--as-needed)

  # A sanitizer's runtime is the program's: it must see the plugin's exceptions and is bound when loading.
  if(NOT SSHOST_SANITIZE)
    target_link_options(${target} PRIVATE -Wl,--no-undefined -static-libgcc
                        $<$<LINK_LANGUAGE:CXX>:-static-libstdc++>)
  endif()
  if(NOT arg_NO_INSTALL)
    install(TARGETS ${target} LIBRARY DESTINATION lib/sshost/plugins)
  endif()
endfunction()
