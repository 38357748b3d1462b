import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { createChild } from '../../../deploy/child.ts'
import { isReady } from '../../../deploy/is-ready.ts'
import type { Watchdog } from '../../../deploy/watchdog.ts'
import { memoryLimit } from '../../memory-limit.ts'
import { createPart, type Part, type UnexpectedEnd } from './part.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
// A read model of hundreds of thousands of outcomes may have to be rebuilt during other faults.
const READY_WITHIN_MS = 300_000

export interface Service extends Part {
  /** Its own address, without faults. */
  readonly url: string
}

export interface Processor extends Service {
  readonly viewFile: string
}

export interface ServiceOptions {
  name: string
  port: number
  /** For every process of this kind. */
  environment: NodeJS.ProcessEnv
  folder: string
  watchdog: Watchdog
  onUnexpectedEnd: (end: UnexpectedEnd) => void
}

/** A gateway or a processor, by its name; not started yet. */
function createService(role: 'gateway' | 'processor', options: ServiceOptions): Service {
  const { name, port, environment, folder, watchdog, onUnexpectedEnd } = options
  const child = createChild({
    name,
    stage: role,
    command: process.execPath,
    args: [join(root, role, 'main.ts')],
    env: { ...memoryLimit(role), ...environment, INSTANCE: name, PORT: String(port) },
    logFile: join(folder, 'logs', `${name}.log`),
    watchdog,
  })
  const url = `http://127.0.0.1:${port}`

  async function ready(): Promise<void> {
    const giveUp = Date.now() + READY_WITHIN_MS
    while (!(await isReady(url))) {
      if (Date.now() > giveUp)
        throw new Error(`${name} is not ready after ${READY_WITHIN_MS / 1000} s: see ${child.logFile}`)
      await sleep(100)
    }
  }

  return { ...createPart(child, ready, onUnexpectedEnd), url }
}

export function createGateway(options: ServiceOptions): Service {
  return createService('gateway', options)
}

export function createProcessor(options: ServiceOptions): Processor {
  const viewFile = join(options.folder, options.name, 'view.db')
  const environment = { ...options.environment, VIEW_FILE: viewFile }
  return { ...createService('processor', { ...options, environment }), viewFile }
}

export function removeView({ viewFile }: Processor): void {
  for (const suffix of ['', '-wal', '-shm']) rmSync(viewFile + suffix, { force: true })
}
