import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { promisify } from 'node:util'
import type { Part } from './part.ts'

const run = promisify(execFile)

const EVERY_MS = 2_000
// Before that, a process is still loading its code.
const GROWN_UP_MS = 5_000

export interface Resources {
  startMb: number
  peakMb: number
  /** Seconds after sampling began. */
  peakAtS: number
  endMb: number
  /** Undefined if the system does not report it. */
  startDescriptors: number | undefined
  endDescriptors: number | undefined
}

/** Samples the resident memory and the open descriptors of processes, including after restarts. */
export function sampleProcesses(parts: Part[]) {
  const seen = new Map<string, Resources>()
  const begunAt = Date.now()

  async function sample(): Promise<void> {
    const living = parts.filter(
      ({ child }) => child.pid !== undefined && Date.now() - child.startedAt > GROWN_UP_MS,
    )
    const pids = living.map(({ child }) => child.pid)
    if (pids.length === 0) return
    const { stdout } = await run('ps', ['-o', 'pid=,rss=', '-p', pids.join(',')]).catch(() => ({
      stdout: '',
    }))
    const rss = new Map(
      stdout.split('\n').map((line) => line.trim().split(/\s+/).map(Number) as [number, number]),
    )
    for (const { name, child } of living) {
      const mb = Math.round((rss.get(child.pid ?? 0) ?? 0) / 1024)
      if (mb === 0) continue
      const descriptors = countDescriptors(child.pid)
      const before = seen.get(name)
      const now = { peakMb: mb, peakAtS: Math.round((Date.now() - begunAt) / 1_000) }
      const { peakMb, peakAtS } = before && before.peakMb >= mb ? before : now
      seen.set(name, {
        startMb: before?.startMb ?? mb,
        peakMb,
        peakAtS,
        endMb: mb,
        startDescriptors: before?.startDescriptors ?? descriptors,
        endDescriptors: descriptors,
      })
    }
  }

  let sampling = Promise.resolve()
  const timer = setInterval(() => {
    sampling = sampling.then(sample)
  }, EVERY_MS)

  return {
    async stop(): Promise<ReadonlyMap<string, Resources>> {
      clearInterval(timer)
      await sampling
      await sample()
      return seen
    },
  }
}

function countDescriptors(pid: number | undefined): number | undefined {
  try {
    return readdirSync(`/proc/${pid}/fd`).length
  } catch {
    return undefined
  }
}
