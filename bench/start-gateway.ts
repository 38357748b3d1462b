import { execFileSync } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { isReady } from '../deploy/is-ready.ts'

const READY_WITHIN_MS = 30_000

/** A gateway process of its own; resolves when it is ready. */
export async function startGateway(main: string, port: number, brokers: readonly string[]) {
  const url = `http://127.0.0.1:${port}`
  const child = Bun.spawn([process.execPath, main], {
    env: {
      KAFKA_BROKERS: brokers.join(','),
      PORT: String(port),
      LOG_LEVEL: 'warn',
    },
    stdout: 'ignore',
    stderr: 'inherit',
  })
  process.on('exit', () => child.kill('SIGKILL'))
  const giveUp = Date.now() + READY_WITHIN_MS
  while (!(await isReady(url))) {
    if (Date.now() > giveUp) throw new Error(`${main} is not ready`)
    await sleep(100)
  }
  return {
    url,
    residentMiB: () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)]).toString()) / 1024,
    async stop() {
      child.kill('SIGTERM')
      await child.exited
    },
  }
}
