#!/usr/bin/env bash
# A Registry of prom-client can print Prometheus' text format and, after setContentType, OpenMetrics. A server that negotiates, as
# Prometheus asks for both, switches between them. Printing OpenMetrics once renames the counters: it removes `_total` from their
# names, where OpenMetrics adds it again. Afterwards the text format has them without `_total`, so dashboards and alerts of whoever reads
# the text format find nothing any more, and nothing is reported.
#
# So print OpenMetrics from a second Registry whose counters are Object.create(counter) with a `name` of their own.
#
# Seen with prom-client 15.1.3 on Node; exits with 1 when a version behaves differently:
EXPECTED="text: stored_total 1
OpenMetrics: stored_total 1
text again: stored 1"
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"
echo '{"private":true,"type":"module"}' >package.json
npm install --silent --no-fund --no-audit prom-client@15.1.3

cat >counter.mjs <<'END'
import { Counter, Registry } from 'prom-client'

const registry = new Registry()
new Counter({ name: 'stored_total', help: 'Stored', registers: [registry] }).inc()

async function print(title, contentType) {
  registry.setContentType(contentType)
  const lines = (await registry.metrics()).split('\n')
  console.log(`${title}: ${lines.find((line) => line.startsWith('stored'))}`)
}
await print('text', Registry.PROMETHEUS_CONTENT_TYPE)
await print('OpenMetrics', Registry.OPENMETRICS_CONTENT_TYPE)
await print('text again', Registry.PROMETHEUS_CONTENT_TYPE)
END

seen=$(node counter.mjs)
echo "$seen"
diff <(echo "$EXPECTED") <(echo "$seen")
