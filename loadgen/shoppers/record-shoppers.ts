import { constants } from 'node:fs'
import { access, type FileHandle, mkdir, open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileErrorReason } from './file-error.ts'
import { type RecordedCheckout, type RecordedFile, recordedFiles } from './recorded-files.ts'

interface OpenFile {
  lineOf: RecordedFile['lineOf']
  handle: FileHandle
  /** Size in bytes, up to the last complete line. */
  size: number
}

/** A recording could not be started or continued. */
export class RecordError extends Error {
  override name = 'RecordError'
}

interface Recorder {
  /** Rejects with a RecordError. Await it before the next call to keep at most one batch in memory. */
  record(checkouts: readonly RecordedCheckout[]): Promise<void>
  close(): Promise<void>
}

/**
 * Saves checkouts: complete in `checkouts.ndjson`, and each attribute and the due time in its own text file,
 * where line n belongs to checkout n. All files have the same number of lines, also after a failure, and are
 * created with the first checkout. Rejects with a RecordError if the directory cannot be used or contains a
 * recording.
 */
export async function createRecorder(directory: string): Promise<Recorder> {
  await prepare(directory)
  let opening: Promise<OpenFile[]> | undefined
  let turn = Promise.resolve()

  async function append(checkouts: readonly RecordedCheckout[]): Promise<void> {
    opening ??= createFiles(directory)
    const files = await opening
    const batch = files.map((file) => {
      const lines = checkouts.map((checkout) => `${file.lineOf(checkout)}\n`)
      return { file, bytes: Buffer.from(lines.join('')) }
    })
    const writes = await Promise.allSettled(batch.map(({ file, bytes }) => file.handle.appendFile(bytes)))
    const failed = writes.find((write) => write.status === 'rejected')
    if (failed) {
      await Promise.all(files.map(({ handle, size }) => handle.truncate(size)))
      throw failed.reason
    }
    for (const { file, bytes } of batch) file.size += bytes.length
  }

  return {
    record(checkouts) {
      const recorded = turn.then(() => append(checkouts)).catch((error) => fail(directory, error))
      turn = recorded.catch(() => undefined)
      return recorded
    },
    async close() {
      await turn
      const files = await opening?.catch(() => undefined)
      await Promise.all((files ?? []).map(({ handle }) => handle.close())).catch((error) =>
        fail(directory, error),
      )
    },
  }
}

async function prepare(directory: string): Promise<void> {
  try {
    await mkdir(directory, { recursive: true })
    await access(directory, constants.W_OK)
    const present = new Set(await readdir(directory))
    const old = recordedFiles.find(({ name }) => present.has(name))
    if (old) throw new RecordError(`${directory} already contains a recording (${old.name})`)
  } catch (error) {
    fail(directory, error as Error)
  }
}

/** All of them or none. */
async function createFiles(directory: string): Promise<OpenFile[]> {
  const created: (OpenFile & { path: string })[] = []
  try {
    for (const { name, lineOf } of recordedFiles) {
      const path = join(directory, name)
      // Exclusive, because another run may just have started a recording there.
      created.push({ lineOf, path, handle: await open(path, 'ax'), size: 0 })
    }
    return created
  } catch (error) {
    await Promise.all(created.map(({ handle }) => handle.close()))
    await Promise.all(created.map(({ path }) => rm(path)))
    throw error
  }
}

function fail(directory: string, error: Error): never {
  if (error instanceof RecordError) throw error
  throw new RecordError(`cannot record in ${directory}: ${fileErrorReason(error)}`)
}
