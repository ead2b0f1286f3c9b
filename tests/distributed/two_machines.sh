#!/usr/bin/env bash
# two_machines.sh <sshost> <test plugins>: two processes in network namespaces of their own, which see each other
# through one cable only, train together; where one is killed, or the cable loses every packet, the other one says so;
# rank 0 listens at the cable alone, and at no public address. Exit code 77: namespaces cannot be made here.
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
address=10.77.0.1
rank() {
  mkdir -p "$work/machine$1"
  (cd "$work/machine$1" && RANK=$1 WORLD_SIZE=2 MASTER_ADDR=$address MASTER_PORT=29500 \
    exec nsenter --net="/run/netns/$name-$2" "$sshost" run "$work/p.yaml" --set output=run "${@:3}" >out 2>err) &
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

# expect_end <rank> <process> <text>: exit code 1 with that text on standard error.
expect_end() {
  local result=0
  wait "$2" || result=$?
  [[ $result == 1 ]] && grep -q "$3" "$work/machine$1/err" && return
  echo "rank $1 ended with $result"
  cat "$work/machine$1/err"
  exit 1
}

# Each side sends to a card that is not there: nothing arrives any more, and no connection is closed.
rank 0 a --set distributed.timeout=5 --set train.steps=1000000 --output lost
first=$!
rank 1 b --set distributed.timeout=5 --set train.steps=1000000 --output lost
second=$!
for ((i = 0; i < 600; ++i)); do
  compgen -G "$work/machine0/lost/checkpoints/*.train.safetensors" >/dev/null && break
  sleep 0.1
done
# What listens in the first machine does so at the cable: 10.77.0.1 is 01004D0A there.
listening=$(ip netns exec "$name-a" cat /proc/net/tcp /proc/net/tcp6 | awk '$4 == "0A" { print $2 }')
[[ $listening && ! $(grep -v "^01004D0A:" <<<"$listening") ]] || { echo "listens at: $listening" && exit 1; }
ip -n "$name-a" neigh replace 10.77.0.2 lladdr 02:00:00:00:00:99 dev cable nud permanent
ip -n "$name-b" neigh replace 10.77.0.1 lladdr 02:00:00:00:00:99 dev cable nud permanent
begin=$SECONDS
expect_end 0 "$first" "rank 1 (.*) has died without a word, or stopped"
expect_end 1 "$second" "rank 0 (.*) has died without a word, or stopped"
((SECONDS - begin <= 5 + 10 + 10)) || { echo "it took $((SECONDS - begin)) s" && exit 1; }
ip -n "$name-a" neigh flush dev cable nud permanent
ip -n "$name-b" neigh flush dev cable nud permanent

# An address that is on no private network.
ip -n "$name-a" address add 198.51.100.1/24 dev cable
ip -n "$name-b" address add 198.51.100.2/24 dev cable
address=198.51.100.1
result=0
rank 0 a --output public
wait $! || result=$?
[[ $result == 2 ]] && grep -q "would listen at 198.51.100.1" "$work/machine0/err" ||
  { cat "$work/machine0/err" && exit 1; }
both --output public --set distributed.allow_public=true
echo "Two machines trained together, went on, noticed a death and a dead cable, and refused a public address."
