#!/usr/bin/env bash
# A gzip file may have several members, one after the other (RFC 1952, section 2.2): `cat a.gz b.gz` and bgzip write such files, and
# `gzip -d` unpacks all of them. In Bun, DecompressionStream('gzip') does so, too, while Deno and Node reject the second member. zlib.gunzip
# unpacks it in all three. It rejects other bytes after the last member, but ignores them if they begin with a zero.
#
# So a server that must treat compressed bodies equally on each runtime uses zlib with `info: true`, and compares the number of bytes
# read with the number of bytes received.
#
# Seen on Linux x64; exits with 1 when a version behaves differently:
EXPECTED="bun 1.4.5: stream, two members: 10 bytes; zlib, two members: 10 bytes; zlib, 'x' behind: refused; zlib, zeros behind: 5 bytes, 8 not read
deno 2.9.6: stream, two members: refused; zlib, two members: 10 bytes; zlib, 'x' behind: refused; zlib, zeros behind: 5 bytes, 8 not read
node 26.10.0: stream, two members: refused; zlib, two members: 10 bytes; zlib, 'x' behind: refused; zlib, zeros behind: 5 bytes, 8 not read"
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"allowScripts":{"bun":true,"deno":true,"node":true}}' >package.json
npm install --silent --no-fund --no-audit bun@1.4.5 deno@2.9.6 node@26.10.0

cat >members.mjs <<'END'
import { gunzipSync, gzipSync } from 'node:zlib'

const member = gzipSync('hello')
const two = Buffer.concat([member, member])
const attempt = async (read) => {
  try {
    return await read()
  } catch {
    return 'refused'
  }
}
const byStream = async (bytes) => {
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))
  return `${(await new Response(stream).arrayBuffer()).byteLength} bytes`
}
const byZlib = (bytes) => {
  const { buffer, engine } = gunzipSync(bytes, { info: true })
  const unread = bytes.length - engine.bytesWritten
  return `${buffer.length} bytes${unread > 0 ? `, ${unread} not read` : ''}`
}
const answers = {
  'stream, two members': await attempt(() => byStream(two)),
  'zlib, two members': await attempt(() => byZlib(two)),
  "zlib, 'x' behind": await attempt(() => byZlib(Buffer.concat([member, Buffer.from('x')]))),
  'zlib, zeros behind': await attempt(() => byZlib(Buffer.concat([member, Buffer.alloc(8)]))),
}
console.log(Object.entries(answers).map((answer) => answer.join(': ')).join('; '))
END

seen="bun 1.4.5: $(node_modules/.bin/bun members.mjs)
deno 2.9.6: $(node_modules/.bin/deno run -A members.mjs)
node 26.10.0: $(node_modules/.bin/node members.mjs)"
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
