#!/usr/bin/env bash
# A Map or a Set of Bun (JavaScriptCore) whose entries come and go keeps the deleted ones until a full collection. When its table is
# full of deleted entries, a new one replaces it, and the old one refers to the new one, for iterators. A young collection frees
# nothing that has survived an earlier one, so through one old table it keeps all later tables, with the entries that were in them.
#
# 50,000 arrays of a kilobyte pass through a Map that has 256 entries at a time, with a young collection after each 5,000. Nearly half
# of them stay: 22 MiB, and 5 MiB with copies. In a server, a Map of requests in flight keeps requests long after their end: memory grows
# between full collections, and young ones take longer. A Map that is replaced by a copy of itself now and then has no such chain;
# neither has an array.
#
# Seen on Linux x64; exits with 1 when a version behaves differently:
EXPECTED='bun 1.4.5: after young collections a Map keeps many, a copied Map few, an array few; after a full one 0 MiB, 0 MiB, 0 MiB'
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"allowScripts":{"bun":true}}' >package.json
npm install --silent --no-fund --no-audit bun@1.4.5

cat >turnover.mjs <<'END_OF_PROGRAM'
import { edenGC, fullGC, heapSize } from 'bun:jsc'

const TOTAL = 50_000
const AT_A_TIME = 256
let map = new Map()
const array = new Array(AT_A_TIME)
const variants = {
  map(key, value) {
    map.set(key, value)
    map.delete(key - AT_A_TIME)
  },
  copied(key, value) {
    variants.map(key, value)
    if (key % AT_A_TIME === 0) map = new Map(map)
  },
  array(key, value) {
    array[key % AT_A_TIME] = value
  },
}

const kept = Object.entries(variants).map(([name, add]) => {
  fullGC()
  const before = heapSize()
  const mebibytes = () => (heapSize() - before) / 2 ** 20
  for (let key = 0; key < TOTAL; key++) {
    add(key, new Array(128).fill(key))
    if (key % 5_000 === 0) edenGC()
  }
  const young = mebibytes()
  map = new Map()
  array.fill(undefined)
  fullGC()
  return { young: young > 12 ? 'many' : 'few', full: Math.round(mebibytes()) }
})
const [first, second, third] = kept.map(({ young }) => young)
const full = kept.map((each) => `${Math.abs(each.full)} MiB`).join(', ')
console.log(`after young collections a Map keeps ${first}, a copied Map ${second}, an array ${third}; after a full one ${full}`)
END_OF_PROGRAM

seen="bun 1.4.5: $(node_modules/.bin/bun turnover.mjs)"
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
