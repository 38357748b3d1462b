import { z } from 'zod'
import { runToEnd } from '../children.ts'
import { program } from '../program.ts'
import { type Comparison, inTurn } from './comparison.ts'

const WITHIN_MS = 600_000
const encodedSchema = z.object({ cpuUs: z.number() })

const measure = (whose: 'own' | 'kafkajs', records: number) => async () => {
  const command = [...program('bench/servers/encode-requests.ts'), whose, String(records)]
  const { stdout } = await runToEnd(command, WITHIN_MS, 'product')
  return encodedSchema.parse(JSON.parse(stdout))
}

export const encode: Comparison = {
  name: 'encode',
  measured: 'a Produce request of 240 checkouts, encoded into one buffer',
  baseline: 'encoded by kafkajs',
  shown: { cpuUs: 'CPU µs a record' },
  ratios: [{ figure: 'cpuUs', title: 'CPU of a record', better: 'less', target: undefined }],
  prepare: ({ records }) =>
    Promise.resolve({ round: inTurn(measure('own', records), measure('kafkajs', records)) }),
}
