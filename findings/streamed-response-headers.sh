#!/usr/bin/env bash
# A fetch handler answers with `new Response(stream)`, and the stream has its first bytes only after a while: a search, or an event
# stream that is still quiet. Bun.serve does not send the status and the headers before the first chunk that is not empty; an empty
# chunk does not help. Deno.serve, and @hono/node-server on Node, send them at once.
#
# So what waits for headers (a proxy's time limit, EventSource's `open`, a fetch that resolves) sees nothing on Bun, and a server has
# to send something harmless first: a comment in an event stream, white space before JSON.
#
# Seen on Linux x64; exits with 1 when a version behaves differently:
EXPECTED="bun 1.4.5: nothing first: with the rest; empty first: with the rest; space first: at once
deno 2.9.6: nothing first: at once; empty first: at once; space first: at once
node 26.10.0, @hono/node-server 2.1.9: nothing first: at once; empty first: at once; space first: at once"
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module","allowScripts":{"bun":true,"deno":true,"node":true}}' >package.json
npm install --silent --no-fund --no-audit bun@1.4.5 deno@2.9.6 node@26.10.0 @hono/node-server@2.1.9 hono@4

cat >serve.mjs <<'END'
const first = { '/nothing': undefined, '/empty': '', '/space': ' ' }

/** The first chunk at once, the rest after two seconds. */
function fetch({ url }) {
  const chunk = first[new URL(url).pathname]
  const body = new ReadableStream({
    async start(controller) {
      if (chunk !== undefined) controller.enqueue(new TextEncoder().encode(chunk))
      await new Promise((resolve) => setTimeout(resolve, 2_000))
      controller.enqueue(new TextEncoder().encode('{}'))
      controller.close()
    },
  })
  return new Response(body, { headers: { 'content-type': 'application/json' } })
}

const ready = ({ port }) => console.log(port)
if (globalThis.Bun) ready(Bun.serve({ port: 0, hostname: '127.0.0.1', fetch }))
else if (globalThis.Deno) Deno.serve({ port: 0, hostname: '127.0.0.1', onListen: ready }, fetch)
else (await import('@hono/node-server')).serve({ port: 0, hostname: '127.0.0.1', fetch }, ready)
END

# http.get of Node is the client of all three.
cat >measure.mjs <<'END'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { get } from 'node:http'

const [command, ...args] = process.argv.slice(2)
const server = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'] })
const [output] = await once(server.stdout, 'data')
const answers = []
for (const path of ['/nothing', '/empty', '/space']) {
  const began = performance.now()
  const [response] = await once(get(`http://127.0.0.1:${Number(output)}${path}`), 'response')
  answers.push(`${path.slice(1)} first: ${performance.now() - began < 1_000 ? 'at once' : 'with the rest'}`)
  response.resume()
  await once(response, 'end')
}
server.kill()
console.log(answers.join('; '))
END

measure() { node_modules/.bin/node measure.mjs "$@"; }
seen="bun 1.4.5: $(measure node_modules/.bin/bun serve.mjs)
deno 2.9.6: $(measure node_modules/.bin/deno run -A serve.mjs)
node 26.10.0, @hono/node-server 2.1.9: $(measure node_modules/.bin/node serve.mjs)"
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
