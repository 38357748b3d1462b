import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { type Child, createChild } from './child.ts'
import { followFile } from './follow-file.ts'
import { isReady } from './is-ready.ts'
import { limitLines } from './limit-lines.ts'
import { noteworthy, saysListening } from './log-line.ts'
import { memorySize } from './memory-size.ts'
import type { Watchdog } from './watchdog.ts'

export interface Service {
  readonly role: Role
  readonly port: number
  readonly child: Child
  /** Resolves when it is ready; after a death, when it is ready again. */
  ready(): Promise<void>
}

type Role = 'gateway' | 'processor'

interface ServiceOptions {
  role: Role
  number: number
  port: number
  env: NodeJS.ProcessEnv
  data: string
  watchdog: Watchdog
  report: (line: string) => void
}

const ASKED_EVERY_MS = 50
const quiet = new Set(['warn', 'error', 'silent'])

/** A gateway or a processor. */
export function createService(options: ServiceOptions): Service {
  const { role, number, port, env, data, watchdog, report } = options
  const name = `${role}-${number}`
  const child = createChild({
    name,
    stage: role,
    command: process.execPath,
    args: [fileURLToPath(new URL(`../${role}/main.ts`, import.meta.url))],
    env: {
      ...(role === 'processor' ? memorySize : {}),
      ...env,
      HOST: '127.0.0.1',
      PORT: String(port),
      INSTANCE: name,
    },
    logFile: join(data, 'logs', `${name}.log`),
    watchdog,
  })
  let listening = Promise.withResolvers<void>()
  child.onDeath(() => {
    listening = Promise.withResolvers<void>()
  })
  const show = limitLines((text) => report(`${name}: ${text}`), `more in ${child.logFile}`)
  followFile(child.logFile, (line) => {
    if (saysListening(line)) listening.resolve()
    const text = noteworthy(line)
    if (text) show(text)
  })

  return {
    role,
    port,
    child,
    async ready() {
      // Gateways share a port, so another gateway may answer a request; only the log identifies this one.
      // With a quiet log level, it is only known that one of them is ready.
      if (!quiet.has(env['LOG_LEVEL'] ?? '')) await listening.promise
      while (!(await isReady(`http://127.0.0.1:${port}`))) await sleep(ASKED_EVERY_MS)
    },
  }
}
