import { type FileHandle, mkdir, open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Checkout } from '../../backbone/checkout.ts'
import { fileErrorReason } from './file-error.ts'
import { type RecordedFile, recordedFiles } from './recorded-files.ts'

interface OpenFile {
  lineOf: RecordedFile['lineOf']
  handle: FileHandle
  /** Bytes of whole lines in it. */
  size: number
}

/** A recording could not be begun, or not be carried on. */
export class RecordError extends Error {
  override name = 'RecordError'
}

interface Recorder {
  /** Rejects with a RecordError. Whoever awaits it before the next call has one batch in memory and no more. */
  record(checkouts: readonly Checkout[]): Promise<void>
  close(): Promise<void>
}

/**
 * Saves checkouts: whole in `checkouts.ndjson`, and each attribute in a text file of its own, where line n is of the
 * n-th. All files have the same number of lines, also after a failure. Rejects with a RecordError when the directory
 * cannot be used or holds a recording.
 */
export async function createRecorder(directory: string): Promise<Recorder> {
  const files = await createFiles(directory)
  let turn = Promise.resolve()

  async function append(checkouts: readonly Checkout[]): Promise<void> {
    const batch = files.map((file) => {
      const lines = checkouts.map((checkout) => `${file.lineOf(checkout)}\n`)
      return { file, bytes: Buffer.from(lines.join('')) }
    })
    const writes = await Promise.allSettled(batch.map(({ file, bytes }) => file.handle.appendFile(bytes)))
    const failed = writes.find((write) => write.status === 'rejected')
    if (failed) {
      await Promise.all(files.map(({ handle, size }) => handle.truncate(size)))
      throw recordError(directory, failed.reason)
    }
    for (const { file, bytes } of batch) file.size += bytes.length
  }

  return {
    record(checkouts) {
      const recorded = turn.then(() => append(checkouts))
      turn = recorded.catch(() => undefined)
      return recorded
    },
    async close() {
      await turn
      await Promise.all(files.map(({ handle }) => handle.close()))
    },
  }
}

async function createFiles(directory: string): Promise<OpenFile[]> {
  try {
    await mkdir(directory, { recursive: true })
    const present = new Set(await readdir(directory))
    const old = recordedFiles.find(({ name }) => present.has(name))
    if (old) throw new RecordError(`${directory} holds a recording already (${old.name})`)
    return await Promise.all(
      recordedFiles.map(async ({ name, lineOf }) => ({
        lineOf,
        // Exclusive, as another run may have begun a recording there just now.
        handle: await open(join(directory, name), 'ax'),
        size: 0,
      })),
    )
  } catch (error) {
    throw error instanceof RecordError ? error : recordError(directory, error as Error)
  }
}

const recordError = (directory: string, error: Error) =>
  new RecordError(`cannot record in ${directory}: ${fileErrorReason(error)}`)
