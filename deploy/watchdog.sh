#!/bin/sh
# Outlives whoever started it, so that what they started does not: when the pipe on its standard input ends, their
# children are ended in the order of the arguments (stage:seconds), each stage only when the one before it is gone.
# The pipe says `+ <process group> <stage>` for a child that started and `- <process group>` for one that is gone.
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
  found=1
  for child in $children; do
    case $child in
      "$2":*) kill -s "$1" -- "-${child#*:}" 2>/dev/null && found=0 ;;
    esac
  done
  return $found
}

for limit in "$@"; do
  stage=${limit%:*}
  ticks=$((${limit#*:} * 5))
  signal TERM "$stage"
  while [ $ticks -gt 0 ] && signal 0 "$stage"; do
    sleep 0.2
    ticks=$((ticks - 1))
  done
  signal KILL "$stage"
done

rm -f "$pipe"
