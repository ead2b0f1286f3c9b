#!/usr/bin/env bash
# Checks the direction of dependencies, as the #include lines tell it:
#   core/abi <- core/sdk <- plugins,  core/abi <- host,  and LibTorch's headers under host/ alone;
#   within host/, a folder includes itself and those above it in host/rooms.txt.
# Prints every line that points the wrong way; exits 1 where there is one. Run from the repository's root.
set -euo pipefail

grep -rnE --include='*.h' --include='*.hpp' --include='*.c' --include='*.cpp' '^[[:space:]]*#[[:space:]]*include' \
  core plugins host | awk -F: -v rooms="$(grep -oE '^[a-z]+' host/rooms.txt | tr '\n' ' ')" '
  BEGIN { count = split(rooms, names, " "); for (i = 1; i <= count; i++) floor[names[i]] = i }
  function is_std(name) {  # <vector>, or one of the C library, as <stdint.h>
    return name ~ /^[a-z_]+$/ ||
      name ~ /^(assert|ctype|errno|fenv|float|inttypes|limits|locale|math|setjmp|signal|stdalign|stdarg|stdatomic|stdbool|stddef|stdint|stdio|stdlib|stdnoreturn|string|tgmath|threads|time|uchar|wchar|wctype)\.h$/
  }
  function is_abi(name) { return name ~ /^sshost\/abi\/[a-z_]+\.h$/ }
  function is_sdk(name) { return name ~ /^sshost\/[a-z_\/]+\.hpp$/ }
  # For the files of a data set: zlib is linked in, and libpng the program has.
  function reads_files(name) { return name == "zlib.h" || name == "png.h" }
  function reads_json(name) { return name == "nlohmann/json.hpp" }  # header-only: nothing is linked that may be missing
  function folder(path) { sub(/\/[^\/]*$/, "", path); return path }
  function exists(path) { return system("test -f \"" path "\"") == 0 }
  # "core/sdk/sshost/nn" and "../call.hpp" give "core/sdk/sshost/call.hpp".
  function resolve(from, name,    part) {
    while (match(name, /^\.\.?\//)) {
      part = substr(name, 1, RLENGTH)
      name = substr(name, RLENGTH + 1)
      if (part == "../") from = (from ~ /\//) ? folder(from) : "/outside"
    }
    return (name ~ /\.\./ || name ~ /^\//) ? "/outside" : from "/" name
  }
  # True where a quoted include is a file of `home`, such as "core/sdk".
  function within(home) { return quoted && index(target, home "/") == 1 && exists(target) }
  function is_own_api() { return file ~ /^host\/api\/sshost\// && name == "sshost/api.h" }
  function refuse(why) { printf "%s:%s: %s: %s\n", $1, $2, text, why; wrong = 1 }

  {
    file = $1
    text = $0; sub(/^[^:]*:[^:]*:[[:space:]]*/, "", text)
    quoted = text ~ /include[[:space:]]*"/
    name = text; sub(/^[^<"]*[<"]/, "", name); sub(/[>"].*$/, "", name)
    target = resolve(folder(file), name)
    torch = name ~ /^(ATen|torch|c10|caffe2)\//
    split(file, parts, "/")

    if (file ~ /^core\/abi\//) {
      if (!(is_std(name) && name ~ /\.h$/) && !is_abi(name) && !within("core/abi"))
        refuse("the ABI includes the C library and the ABI")
    } else if (file ~ /^core\/sdk\//) {
      if (torch && file ~ /\/torch\.hpp$/) next  # the optional tier, for plugins that choose LibTorch
      if (!is_std(name) && !is_abi(name) && !is_sdk(name) && !within("core/sdk"))
        refuse("the SDK includes the standard library and the ABI")
    } else if (file ~ /^plugins\//) {
      if (name == "sshost/torch.hpp") refuse("our plugins do without LibTorch")
      else if (parts[2] == "datasets" && (reads_files(name) || reads_json(name))) next
      else if (!is_std(name) && !is_abi(name) && !is_sdk(name) && !within(parts[1] "/" parts[2] "/" parts[3]))
        refuse("a plugin includes <sshost/...>, the standard library and its own folder")
    } else if (file ~ /^host\//) {
      above = name ~ /\.\./ && !within("host")
      here = parts[3] != "" ? parts[2] : ""  # a file of host/ itself stands in no room
      there = name; sub(/\/.*/, "", there)
      if (here != "" && !(here in floor)) refuse("host/" here " has no place in host/rooms.txt")
      else if (quoted && here != "" && there in floor && floor[there] > floor[here])
        refuse("host/" here " stands below host/" there " (host/rooms.txt)")
      if ((name ~ /^sshost\// && !is_abi(name) && !is_own_api()) || name ~ /plugins\// || above)
        refuse("the host includes sshost/abi, never the SDK or a plugin")
    }
  }
  END { exit wrong }'
