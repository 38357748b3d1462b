#!/usr/bin/env bash
# launchdarkly-eventsource 2.2.0 closes a healthy stream after 5 s without data, on Node from version 20 on, although no read
# timeout is set. Node's global agent has a timeout of 5 s there; the client takes the `timeout` event of the request, which that agent
# causes, for its own, and reports "received no data in undefinedms".
#
# A server opens a stream, sends one event, and then is silent. Seen with Node 20.20 and 26.10:
#
#   connections within 14 s: 3
#   Read timeout, received no data in undefinedms, assuming connection is dead
#
# With `{ agent: new http.Agent() }` there is one connection. Exit code 0: it still behaves so; 1: it behaves differently.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --no-audit --no-fund launchdarkly-eventsource@2.2.0
cat > run.cjs <<'END'
const { createServer, Agent } = require('node:http')
const { EventSource } = require('launchdarkly-eventsource')

async function count(options) {
  let connections = 0
  let last = 'no error'
  const server = createServer((_, response) => {
    connections++
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write('id: 1\ndata: {}\n\n')
  })
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
  const source = new EventSource(`http://127.0.0.1:${server.address().port}/`, options)
  source.on('error', ({ message }) => (last = message))
  await new Promise((resolve) => setTimeout(resolve, 14_000))
  source.close()
  server.close()
  server.closeAllConnections()
  return { connections, last }
}

Promise.all([count({}), count({ agent: new Agent() })]).then(([plain, withAgent]) => {
  console.log(`connections within 14 s: ${plain.connections}\n${plain.last}`)
  process.exit(plain.connections === 3 && withAgent.connections === 1 ? 0 : 1)
})
END
node run.cjs
