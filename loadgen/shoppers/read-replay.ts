import { isUtf8 } from 'node:buffer'
import { fileErrorReason } from './file-error.ts'
import { readLines } from './read-lines.ts'

const NAMED_FAULTS = 5

interface ReplayCheck {
  /** How many checkouts there are in the file. */
  lines: number
  /** What keeps it from being replayed, a line of text each. */
  faults: string[]
}

/**
 * Reads through an NDJSON file of checkouts, a piece at a time. Only what cannot be sent as JSON is a fault: a checkout
 * that breaks a rule may be just what someone wants to replay.
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
  /** How many checkouts there are in the file, this worker's and the others'. */
  total: number
  bodyOf(iteration: number): string
}

/** Holds the lines of one worker in memory. The n-th line from 0, not counting blank ones, is iteration n, and its worker is n % workers. */
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
