#!/usr/bin/env bash
# Makes corpus/NAME anew from itself and from what ./dev fuzz kept: minimize.sh NAME...
#
# What has a name (seed-..., found-...) stays; of the rest the fewest inputs that reach the same.
set -euo pipefail
cd "$(dirname "$0")/../.."
most_bytes=1024  # an input; what is longer stays in build/fuzz/corpus

for name in "$@"; do
  old=tests/fuzz/corpus/$name
  new=build/fuzz/minimized/$name
  rm -rf "$new"
  mkdir -p "$new" "$old" "build/fuzz/corpus/$name"
  find "$old" -name '*-*' -exec cp {} "$new" \;
  build/fuzz/bin/fuzz_"$name" -set_cover_merge=1 -use_counters=0 -max_len="$most_bytes" \
    "$new" "$old" "build/fuzz/corpus/$name" >/dev/null 2>&1
  rm -rf "$old"
  mv "$new" "$old"
  echo "$name: $(find "$old" -type f | wc -l) files, $(du -sb "$old" | cut -f 1) bytes"
done
