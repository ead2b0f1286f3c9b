#!/usr/bin/env bash
# two_machines.sh <sshost> <test plugins>: two processes in network namespaces of their own, which see each other
# through one cable only, train together; where one is killed, the other one says so. Exit code 77: namespaces cannot be
# made here.
set -euo pipefail
readonly sshost=$1 plugins=$2
readonly name=sshost$$
work=$(mktemp -d)
cleanup() {
  ip netns delete "$name-a" 2>/dev/null || true
  ip netns delete "$name-b" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
skip() {
  echo "skipped: $1"
  exit 77
}

command -v ip >/dev/null || skip "there is no ip command (iproute2)"
# Who may not make them is root in a user namespace of its own, with a /run where `ip` keeps their names.
if [[ ${SSHOST_OWN_NAMESPACE:-} ]]; then
  mount -t tmpfs tmpfs /run
elif ! { ip netns add "$name-a" && ip netns delete "$name-a"; } 2>/dev/null; then
  own=(unshare --user --map-root-user --net --mount)
  "${own[@]}" true 2>"$work/error" || skip "network namespaces cannot be made: $(head -n 1 "$work/error")"
  cleanup
  SSHOST_OWN_NAMESPACE=1 exec "${own[@]}" "$0" "$@"
fi
{ ip netns add "$name-a" && ip netns add "$name-b" &&
  ip -n "$name-a" link add cable type veth peer name cable netns "$name-b"; } 2>"$work/error" ||
  skip "network namespaces cannot be made: $(head -n 1 "$work/error")"
for side in a b; do
  ip -n "$name-$side" link set lo up
  ip -n "$name-$side" link set cable up
done
ip -n "$name-a" address add 10.77.0.1/24 dev cable
ip -n "$name-b" address add 10.77.0.2/24 dev cable

cat >"$work/p.yaml" <<END
run: [train]
plugins: [$plugins]
data:
  dataset: {type: synthetic, classes: 3, height: 32, width: 32, train_samples: 16}
  train: {transforms: [{type: normalize}]}
model: {backbone: {type: "null"}, head: {type: fcn, channels: 8, dropout: 0}}
train: {steps: 6, batch_size: 4, save_every: 2}
distributed: {timeout: 60}
END

# rank <number> <side> <more arguments>: in the background, with a folder of its own, as a machine has.
rank() {
  mkdir -p "$work/machine$1"
  (cd "$work/machine$1" && RANK=$1 WORLD_SIZE=2 MASTER_ADDR=10.77.0.1 MASTER_PORT=29500 \
    exec nsenter --net="/run/netns/$name-$2" "$sshost" run "$work/p.yaml" --output run "${@:3}" >out 2>err) &
}
# both <more arguments>: of both machines; fails where one does.
both() {
  rank 0 a "$@"
  local first=$!
  rank 1 b "$@"
  wait $! && wait "$first" && return
  cat "$work"/machine?/{out,err}
  exit 1
}

both
[[ -f $work/machine0/run/checkpoints/step-000006.safetensors && ! -e $work/machine1/run ]]

# The folder lies on the first machine alone; the second one gets the checkpoint from it.
both --set train.resume=true --set train.steps=8

rank 0 a --set train.resume=true --set train.steps=1000000
first=$!
rank 1 b --set train.resume=true --set train.steps=1000000
second=$!
# Two saves later the checkpoint that it began with is gone.
for ((i = 0; i < 600; ++i)); do
  [[ -f $work/machine0/run/checkpoints/step-000008.safetensors ]] || break
  sleep 0.1
done
kill -KILL "$second"
result=0
wait "$first" || result=$?
grep -q "rank 1 (.*) has died" "$work/machine0/err" || { cat "$work/machine0/err" && exit 1; }
[[ $result == 1 ]]
echo "Two machines trained together, went on, and noticed a death."
