import { isUtf8 } from 'node:buffer'
import { fileErrorReason } from './file-error.ts'
import { readLines } from './read-lines.ts'

const NAMED_FAULTS = 5

interface ReplayCheck {
  /** Number of checkouts in the file. */
  lines: number
  /** Why it cannot be replayed, one text per line. */
  faults: string[]
}

/**
 * Checks an NDJSON file of checkouts, in pieces. Only lines that cannot be sent as JSON are faults: an
 * invalid checkout may be intended.
 */
export async function checkReplay(path: string): Promise<ReplayCheck> {
  const faults: string[] = []
  let lines = 0
  let unnamed = 0
  try {
    await readLines(path, (line, number) => {
      lines++
      const fault = faultOf(line)
      if (fault === undefined) return
      if (faults.length < NAMED_FAULTS) faults.push(`${path}, line ${number}: ${fault}`)
      else unnamed++
    })
    if (lines === 0) faults.push(`${path} contains no checkout`)
  } catch (error) {
    faults.push(`cannot read ${path}: ${fileErrorReason(error as Error)}`)
  }
  if (unnamed > 0) faults.push(`and ${unnamed} more`)
  return { lines, faults }
}

interface Replay {
  /** Number of checkouts in the file, for all workers. */
  total: number
  bodyOf(iteration: number): string
}

/**
 * Keeps the lines of one worker in memory. Line n (from 0, without blank lines) is iteration n, and belongs
 * to worker n % workers.
 */
export async function readReplay(path: string, worker: number, workers: number): Promise<Replay> {
  const own: Buffer[] = []
  let total = 0
  await readLines(path, (line) => {
    if (total % workers === worker) own.push(Buffer.from(line))
    total++
  })
  return {
    total,
    bodyOf(iteration) {
      const body = own[(iteration - worker) / workers]
      if (!body) throw new RangeError(`worker ${worker} of ${workers} has no iteration ${iteration}`)
      return body.toString()
    },
  }
}

function faultOf(line: Buffer): string | undefined {
  if (!isUtf8(line)) return 'not UTF-8'
  try {
    const value: unknown = JSON.parse(line.toString())
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? undefined
      : 'not a JSON object'
  } catch {
    return 'not JSON'
  }
}
