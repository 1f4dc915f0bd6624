#!/usr/bin/env bash
# Runs one fuzzer, which is built, for so many seconds of CPU: run.sh NAME SECONDS. ./dev fuzz calls it.
#
# Prints one line: what was run for how long; then what was found, if anything was. The fuzzer's own words
# are in build/fuzz/log/NAME, what it kept in build/fuzz/corpus/NAME, what it found in build/fuzz/finds/NAME.
set -euo pipefail
cd "$(dirname "$0")/../.."
name=$1 seconds=$2
build=build/fuzz here=tests/fuzz
export ASAN_SYMBOLIZER_PATH=/usr/bin/llvm-symbolizer-19

# Longer inputs say nothing new of these, and take longer.
case $name in
  log | session_key) length=256 ;;
  names | url) length=512 ;;
  json | path | reply | ws_request) length=1024 ;;
  *) length=4096 ;;
esac
options=(-max_len="$length" -timeout=25 -rss_limit_mb=2048 -print_final_stats=1
  -artifact_prefix="$build/finds/$name/")
[ ! -f "$here/dict/$name.dict" ] || options+=(-dict="$here/dict/$name.dict")
mkdir -p "$build/corpus/$name" "$build/finds/$name" "$build/log"
log=$build/log/$name

# The fuzzer counts by the clock, and this machine may be busy: it goes on until the CPU time is used.
TIMEFORMAT=%0U
cpu=0 executions=0 status=0
while [ "$status" = 0 ] && [ "$cpu" -lt "$seconds" ]; do
  used=$({ time "$build/bin/fuzz_$name" -max_total_time=$((seconds - cpu)) "${options[@]}" \
    "$build/corpus/$name" "$here/corpus/$name" >"$log" 2>&1; } 2>&1) || status=$?
  cpu=$((cpu + (used > 0 ? used : 1)))
  ran=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -n 1)
  executions=$((executions + ${ran:-0}))
done
printf '%-12s %6d s of CPU %12d executions\n' "$name" "$cpu" "$executions"
if [ "$status" != 0 ]; then
  grep -a -E -m 3 'broken invariant|Assertion|runtime error|ERROR: ' "$log" || tail -n 5 "$log"
  sed -n 's/.*Test unit written to /found: /p' "$log"
  exit 1
fi
