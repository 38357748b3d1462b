import { fileErrorReason } from './file-error.ts'
import { readLines } from './read-lines.ts'

/** Milliseconds since the start of the recording. */
const TIME = /^\d+(?:\.\d+)?$/
const MAX_TIME_MS = 24 * 86_400_000

/** The file of times beside a file of checkouts: line n is the due time of checkout n. */
export const timesFileOf = (path: string): string => `${path.replace(/\.ndjson$/, '')}.times.txt`

export const formatTime = (ms: number): string => Math.max(0, ms).toFixed(3)

/**
 * Reads the times beside a file of checkouts, in the same order, into memory shared by threads; returns a
 * message if the file is invalid.
 */
export async function readRecordedTimes(replay: string): Promise<Float64Array | string> {
  const path = timesFileOf(replay)
  const times: number[] = []
  let fault: string | undefined
  try {
    await readLines(path, (line, number) => {
      const text = line.toString().trim()
      const time = TIME.test(text) ? Number(text) : Number.NaN
      if (!(time <= MAX_TIME_MS)) {
        fault ??= `${path}, line ${number}: must be milliseconds since the start, at most 24 days, not '${text}'`
      }
      times.push(time)
    })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return `${replay} was recorded without times: there is no ${path}`
    return `cannot read ${path}: ${fileErrorReason(error as Error)}`
  }
  if (fault !== undefined) return fault
  const shared = new Float64Array(new SharedArrayBuffer(times.length * Float64Array.BYTES_PER_ELEMENT))
  shared.set(times)
  return shared
}
