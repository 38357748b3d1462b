#!/usr/bin/env bash
# @microsoft/fetch-event-source 2.0.1 stores the id of an event when it has read the line `id:`, not when the event is complete
# (WHATWG HTML, 9.2.6: the id is stored when the event is dispatched). A connection that is lost between that line and the end
# of the event is therefore resumed after an event that was never delivered.
#
# A server sends event 1 completely, and of event 2 only `id: 2` and half of its data; then it breaks the connection.
# To a client that resumes, it sends all events after `Last-Event-ID`. Seen with Node 20.20 and 26.10:
#
#   resumed from 2, delivered: 1 3
#
# A server can avoid most of it by sending the id as the last line of each event. Exit code 0: it still behaves so; 1: it behaves differently.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
npm install --silent --no-save --no-audit --no-fund @microsoft/fetch-event-source@2.0.1
cat > run.cjs <<'END'
const { createServer } = require('node:http')
globalThis.window = globalThis
globalThis.document = { removeEventListener() {} }
const { fetchEventSource } = require('@microsoft/fetch-event-source')

const event = (n) => `id: ${n}\ndata: event ${n}, which is long enough to be cut\n\n`
let resumedFrom
const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  resumedFrom = request.headers['last-event-id']
  if (resumedFrom !== undefined) return response.write([1, 2, 3].filter((n) => n > resumedFrom).map(event).join(''))
  response.write(event(1) + event(2).slice(0, 20))
  setTimeout(() => response.destroy(), 200)
})
server.listen(0, '127.0.0.1', () => {
  const delivered = []
  fetchEventSource(`http://127.0.0.1:${server.address().port}/`, {
    openWhenHidden: true,
    onmessage({ id }) {
      delivered.push(id)
      if (id !== '3') return
      console.log(`resumed from ${resumedFrom}, delivered: ${delivered.join(' ')}`)
      process.exit(delivered.join(' ') === '1 3' ? 0 : 1)
    },
  })
})
setTimeout(() => process.exit(1), 20_000)
END
node run.cjs
