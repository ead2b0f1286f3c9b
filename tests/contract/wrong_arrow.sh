#!/usr/bin/env bash
# wrong_arrow.sh <source>: scripts/check_includes.sh passes an include of a lower room and names one of a higher room.
set -euo pipefail
readonly source=$1
work=$(mktemp -d --tmpdir sshost-arrow.XXXXXX)
trap 'rm -rf "$work"' EXIT
cd "$work"
mkdir -p core plugins host/data host/train host/attic
cp "$source/host/rooms.txt" host/
echo '#include "data/sample.h"' >host/train/trainer.h
touch host/data/sample.h
"$source/scripts/check_includes.sh"

echo '#include "train/trainer.h"' >host/data/sample.h
if "$source/scripts/check_includes.sh" >log; then echo "an include of a higher room passed" >&2 && exit 1; fi
grep -F 'host/data/sample.h:1: #include "train/trainer.h": host/data stands below host/train' log
echo >host/data/sample.h

echo '#include "data/sample.h"' >host/attic/box.h
if "$source/scripts/check_includes.sh" >log; then echo "a room without a place passed" >&2 && exit 1; fi
grep -F 'host/attic has no place in host/rooms.txt' log
