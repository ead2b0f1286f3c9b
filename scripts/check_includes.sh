#!/usr/bin/env bash
# Checks the direction of dependencies, as the #include lines tell it:
#   core/abi <- core/sdk <- plugins,  core/abi <- host,  and LibTorch's headers under host/ alone.
# Prints every line that points the wrong way; exits 1 where there is one. Run from the repository's root.
set -euo pipefail

grep -rnE --include='*.h' --include='*.hpp' --include='*.c' --include='*.cpp' '^[[:space:]]*#[[:space:]]*include' \
  core plugins host | awk -F: '
  function is_std(name) {  # <vector>, or one of the C library, as <stdint.h>
    return name ~ /^[a-z_]+$/ ||
      name ~ /^(assert|ctype|errno|fenv|float|inttypes|limits|locale|math|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|tgmath|threads|time|uchar|wchar|wctype)\.h$/
  }
  function is_abi(name) { return name ~ /^sshost\/abi\/[a-z_]+\.h$/ }
  function is_sdk(name) { return name ~ /^sshost\/[a-z_\/]+\.hpp$/ }
  function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
  function refuse(why) { printf "%s:%s: %s: %s\n", $1, $2, text, why; wrong = 1 }

  {
    file = $1
    text = $0; sub(/^[^:]*:[^:]*:[[:space:]]*/, "", text)
    quoted = text ~ /include[[:space:]]*"/
    name = text; sub(/^[^<"]*[<"]/, "", name); sub(/[>"].*$/, "", name)
    # a file beside or below this one
    own = quoted && name !~ /\.\./ && name !~ /^\// && system("test -f \"" folder(file) "/" name "\"") == 0
    torch = name ~ /^(ATen|torch|c10|caffe2)\//

    if (file ~ /^core\/abi\//) {
      if (!(is_std(name) && name ~ /\.h$/) && !is_abi(name) && !own) refuse("the ABI includes the C library and the ABI")
    } else if (file ~ /^core\/sdk\//) {
      if (torch && file ~ /\/torch\.hpp$/) next  # the optional tier, for plugins that choose LibTorch
      if (!is_std(name) && !is_abi(name) && !is_sdk(name) && !own) refuse("the SDK includes the standard library and the ABI")
    } else if (file ~ /^plugins\//) {
      if (name == "sshost/torch.hpp") refuse("our plugins do without LibTorch")
      else if (!is_std(name) && !is_abi(name) && !is_sdk(name) && !own)
        refuse("a plugin includes <sshost/...>, the standard library and its own folder")
    } else if (file ~ /^host\//) {
      if ((name ~ /^sshost\// && !is_abi(name)) || name ~ /plugins\//)
        refuse("the host includes sshost/abi, never the SDK or a plugin")
    }
  }
  END { exit wrong }'
