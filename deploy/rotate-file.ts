import {
  appendFileSync,
  existsSync,
  readFileSync,
  renameSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs'

const MAX_BYTES = 10 * 1024 * 1024
const KEPT = 2

/**
 * Moves the content of a large log to `path.1`, and the previous one to `path.2`. The file itself stays and
 * is truncated, because a process writes to it through its own descriptor; it must have opened it for
 * appending.
 */
export function rotateFile(path: string, maxBytes = MAX_BYTES): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size <= maxBytes) return
  for (let number = KEPT; number > 1; number--) {
    const newer = `${path}.${number - 1}`
    if (existsSync(newer)) renameSync(newer, `${path}.${number}`)
  }
  const contents = readFileSync(path)
  writeFileSync(`${path}.1`, contents)
  // Lines written between these two calls are lost: that takes some microseconds, whereas a complete copy takes
  // milliseconds.
  appendFileSync(`${path}.1`, readFileSync(path).subarray(contents.length))
  truncateSync(path)
}
