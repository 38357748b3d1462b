import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'

const pollMs = 100

/**
 * Calls back with each line that is appended to the file from now on, also after rotation (see
 * rotate-file.ts).
 */
export function followFile(path: string, onLine: (line: string) => void): void {
  const file = openSync(path, 'a+')
  const decoder = new StringDecoder()
  const chunk = Buffer.alloc(64 * 1024)
  let position = fstatSync(file).size
  let rest = ''

  function readOn(descriptor: number) {
    for (;;) {
      const length = readSync(descriptor, chunk, 0, chunk.length, position)
      if (length === 0) return
      position += length
      const lines = (rest + decoder.write(chunk.subarray(0, length))).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine(line)
    }
  }

  function finishRotated() {
    const rotated = `${path}.1`
    if (existsSync(rotated)) {
      const descriptor = openSync(rotated, 'r')
      readOn(descriptor)
      closeSync(descriptor)
    }
    position = 0
  }

  setInterval(() => {
    if (fstatSync(file).size < position) finishRotated()
    readOn(file)
  }, pollMs).unref()
}
