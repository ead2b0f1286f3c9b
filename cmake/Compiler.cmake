# Flags that every target of this repository is built with. Plugins of third parties get none of them:
# what a plugin needs to be loadable is in core/cmake/SshostPlugin.cmake.

# -Wconversion stays off for the host: every int64 to double of its metrics would need a cast. Code that plugin
# authors compile with their own flags, the ABI and the SDK, is held to it (SSHOST_CORE_WARNINGS).
set(SSHOST_WARNINGS
    -Wall -Wextra -Wpedantic -Wshadow -Wfloat-conversion
    $<$<COMPILE_LANGUAGE:CXX>:-Wnon-virtual-dtor> $<$<COMPILE_LANGUAGE:CXX>:-Woverloaded-virtual>)
if(SSHOST_WERROR)
  list(APPEND SSHOST_WARNINGS -Werror)
endif()
set(SSHOST_CORE_WARNINGS ${SSHOST_WARNINGS} -Wconversion -Wno-sign-conversion)

set(CMAKE_CXX_FLAGS_RELEASE "-O2 -DNDEBUG")
set(CMAKE_C_FLAGS_RELEASE "-O2 -DNDEBUG")
# LibTorch's headers differ under NDEBUG and its library is built with it: development builds define it too.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O1 -g1 -DNDEBUG")
set(CMAKE_C_FLAGS_RELWITHDEBINFO "-O1 -g1 -DNDEBUG")

# GCC collects garbage whenever its heap has grown by a part, and the precompiled header fills much of it: 12 % of a
# file's time. Up to 1 GB it need not.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_compile_options("$<$<COMPILE_LANGUAGE:CXX>:SHELL:--param ggc-min-heapsize=1048576>")
endif()

if(SSHOST_SANITIZE)
  add_compile_options(-fsanitize=${SSHOST_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${SSHOST_SANITIZE})
endif()

# ccache refuses precompiled headers unless it is told that nothing depends on macros set around them.
# By the compiler's list of included files it need not preprocess what it has not seen before.
find_program(SSHOST_CCACHE ccache)
mark_as_advanced(SSHOST_CCACHE)
if(SSHOST_CCACHE)
  foreach(language C CXX)
    if(NOT CMAKE_${language}_COMPILER_LAUNCHER)
      set(CMAKE_${language}_COMPILER_LAUNCHER
          ${CMAKE_COMMAND} -E env CCACHE_DEPEND=1 CCACHE_SLOPPINESS=pch_defines,time_macros ${SSHOST_CCACHE})
    endif()
  endforeach()
endif()
