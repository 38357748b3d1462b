import { randomUUID } from 'node:crypto'
import { join } from 'node:path'
import { freePorts } from '../../deploy/ports.ts'
import { keep } from '../children.ts'
import { pin } from '../pin.ts'
import { program } from '../program.ts'
import { type Comparison, type Figures, inTurn } from './comparison.ts'

/** Measures the time from the start to the ready line, then ends it. */
async function measureStart(command: string[]): Promise<Figures> {
  const startedAt = performance.now()
  const child = Bun.spawn(command, { stdout: 'pipe', stderr: 'inherit' })
  keep(child)
  pin(child.pid, 'all')
  let seconds = Number.NaN
  let text = ''
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (!Number.isNaN(seconds) || !/(^|Z )ready /m.test(text)) continue
    seconds = (performance.now() - startedAt) / 1_000
    child.kill('SIGTERM')
  }
  await child.exited
  return { seconds }
}

export const coldStart: Comparison = {
  name: 'cold-start',
  measured: 'what npm start starts: a broker, a gateway, two processors',
  baseline: 'the broker alone',
  shown: { seconds: 'to ready, s' },
  ratios: [{ figure: 'seconds', title: 'time to ready', better: 'less', target: 1.6 }],
  prepare({ folder }) {
    const data = () => join(folder, `start-${randomUUID().slice(0, 8)}`)
    return Promise.resolve({
      round: inTurn(
        async () => {
          const [port = 0] = await freePorts(1)
          return measureStart([...program('deploy/local.ts'), '--port', String(port), '--data', data()])
        },
        () => measureStart([...program('bench/servers/broker-alone.ts'), data()]),
      ),
    })
  },
}
