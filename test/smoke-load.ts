import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

interface SmokeOptions {
  /** For its files. */
  folder: string
  /** Address of a gateway. */
  target: string
  /** Of scopes read, write and personal. */
  key: string
  /** Called again and again while it runs. */
  meanwhile: () => Promise<unknown>
}

/** Runs the smoke scenario of the load generator. */
export async function runSmokeLoad({ folder, target, key, meanwhile }: SmokeOptions) {
  const keyFile = join(folder, 'load-key')
  writeFileSync(keyFile, key)
  const summary = join(folder, 'summary.json')
  const main = fileURLToPath(new URL('../loadgen/main.ts', import.meta.url))
  const args = ['smoke', '--quiet', '--summary-export', summary, '--key-file', keyFile, '--target', target]
  const load = Bun.spawn([process.execPath, main, ...args], { stdout: 'ignore', stderr: 'inherit' })
  while (load.exitCode === null) {
    await meanwhile()
    await sleep(200)
  }
  if (load.exitCode !== 0) throw new Error(`the smoke load ended with exit code ${load.exitCode}`)
  const { metrics } = (await Bun.file(summary).json()) as { metrics: Record<string, Record<string, number>> }
  const p99 = (name: string): number => {
    const milliseconds = metrics[name]?.['p(99)']
    if (milliseconds === undefined) throw new Error(`there is no ${name} in ${summary}`)
    return milliseconds
  }
  return {
    /** Whether it, too, measured what the objectives promise. */
    wasQuick: p99('http_req_duration') < 500 && p99('notification_delay') < 1_000,
  }
}
