#!/bin/sh
# Outlives its parent, so that the children of the parent do not: ends them when the pipe on its standard input ends. They
# are ended in the order of the arguments (stage:seconds), each stage after the previous one has ended. SIGINT tells them
# that all end: none of their clients can move to another member.
# The pipe receives `+ <process group> <stage>` for a started child and `- <process group>` for one that has ended.
trap '' INT TERM HUP
pipe=$1
shift
children=''

while read -r sign group stage; do
  case $sign in
    +) children="$children $stage:$group" ;;
    -)
      kept=''
      for child in $children; do
        [ "${child#*:}" = "$group" ] || kept="$kept $child"
      done
      children=$kept
      ;;
  esac
done

signal() {
  for child in $children; do
    case $child in
      "$2":*) kill -s "$1" -- "-${child#*:}" 2>/dev/null ;;
    esac
  done
}

# If nothing reaps orphans, as in many containers, an ended process still accepts signals.
ended() {
  kill -s 0 -- "-$1" 2>/dev/null || return 0
  [ -r "/proc/$1/stat" ] && read -r stat <"/proc/$1/stat" && case $stat in *') Z '*) return 0 ;; esac
  return 1
}

all_ended() {
  for child in $children; do
    case $child in
      "$1":*) ended "${child#*:}" || return 1 ;;
    esac
  done
}

for limit in "$@"; do
  stage=${limit%:*}
  ticks=$((${limit#*:} * 20))
  signal INT "$stage"
  until all_ended "$stage" || [ $ticks -eq 0 ]; do
    sleep 0.05
    ticks=$((ticks - 1))
  done
  all_ended "$stage" || signal KILL "$stage"
done

rm -f "$pipe"
