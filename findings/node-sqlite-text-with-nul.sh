#!/usr/bin/env bash
# SQLite stores a NUL (U+0000) in TEXT like any other character (https://sqlite.org/nulinstr.html). node:sqlite of Deno and of Node 22
# writes such a text completely, but reads it only up to the NUL, without an error. Bun and later versions of Node read all of it.
# So two rows with different primary keys look the same, a key that was read does not find its row, and a value that is read and
# written back is cut for good.
#
# Two keys are stored, a<NUL>b and a<NUL>c, as a program makes keys of two parts. A server that runs on several runtimes avoids it by
# storing such texts as BLOB, or as JSON, which escapes NUL.
#
# Seen on Linux x64; exits with 1 when a version behaves differently:
EXPECTED='bun 1.4.5: read "a\u0000b" "a\u0000c"; stored: 3 3 bytes; found again: 2
deno 2.9.6: read "a" "a"; stored: 3 3 bytes; found again: 0
node 22.23.3: read "a" "a"; stored: 3 3 bytes; found again: 0
node 26.10.0: read "a\u0000b" "a\u0000c"; stored: 3 3 bytes; found again: 2'
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"allowScripts":{"bun":true,"deno":true,"node":true,"node-22":true}}' >package.json
npm install --silent --no-fund --no-audit bun@1.4.5 deno@2.9.6 node@26.10.0 node-22@npm:node@22.23.3

cat >keys.mjs <<'END_OF_PROGRAM'
import { DatabaseSync } from 'node:sqlite'

const database = new DatabaseSync(':memory:')
database.exec('CREATE TABLE entries (key TEXT PRIMARY KEY)')
const insert = database.prepare('INSERT INTO entries VALUES (?)')
for (const key of ['a\0b', 'a\0c']) insert.run(key)

const keys = database.prepare('SELECT key FROM entries ORDER BY key').all().map(({ key }) => key)
const sizes = database.prepare('SELECT length(CAST(key AS BLOB)) AS bytes FROM entries').all().map(({ bytes }) => bytes)
const find = database.prepare('SELECT count(*) AS rows FROM entries WHERE key = ?')
const found = keys.reduce((rows, key) => rows + find.get(key).rows, 0)
console.log(`read ${keys.map((key) => JSON.stringify(key)).join(' ')}; stored: ${sizes.join(' ')} bytes; found again: ${found}`)
END_OF_PROGRAM

seen="bun 1.4.5: $(node_modules/.bin/bun keys.mjs)
deno 2.9.6: $(node_modules/.bin/deno run -A keys.mjs)
node 22.23.3: $(node_modules/node-22/bin/node --no-warnings keys.mjs)
node 26.10.0: $(node_modules/node/bin/node --no-warnings keys.mjs)"
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
