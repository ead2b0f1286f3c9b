#!/usr/bin/env bash
# check_plugins.sh <folder>: every plugin there exports its entry point alone, depends on nothing but the C library
# and libpng, which the program has loaded before, binds when loaded and carries the note that the loader reads first.
set -euo pipefail

wrong=0
refuse() { echo "$plugin: $1" && wrong=1; }

count=0
for plugin in "$1"/*.so; do
  [[ -f $plugin ]] || continue
  count=$((count + 1))
  dynamic=$(readelf --wide --dynamic "$plugin")
  exported=$(nm --dynamic --defined-only "$plugin" | awk '{ print $3 }')
  needed=$(sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' <<<"$dynamic" | grep -vE '^(libc|libm|libpng16|ld-linux.*)\.so' || true)
  [[ $exported == ss_plugin_entry ]] || refuse "exports ${exported:-nothing}, expected ss_plugin_entry alone"
  [[ -z $needed ]] || refuse "needs $needed"
  [[ $dynamic == *BIND_NOW* ]] || refuse "does not bind when loaded"
  readelf --wide --sections "$plugin" | grep -qF .note.sshost || refuse "has no note .note.sshost"
done
echo "$count plugins checked"
exit $wrong
