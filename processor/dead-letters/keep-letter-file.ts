import type { Logger } from 'pino'
import { removeCacheFile } from '../read-model/cache-file.ts'
import { type LetterFile, openLetterFile } from './letter-file.ts'
import type { DataTopic } from './read-dead-letter.ts'

interface KeepOptions {
  path: string
  data: () => DataTopic
  /** The file is empty now: everything is read from the topic again. */
  onReset: () => void
  log: Logger
}

export class NoLetterFileError extends Error {
  override readonly name = 'NoLetterFileError'
}

const REOPEN_AFTER_MS = 5_000

/** The file of the dead letters, recreated when it fails: checkouts are classified without it. */
export function keepLetterFile({ path, data, onReset, log }: KeepOptions) {
  let current: LetterFile | undefined
  let reopening: ReturnType<typeof setTimeout> | undefined
  let closed = false

  function open() {
    current = openLetterFile({ path, data, onFailure: recreate })
  }

  function openEmpty() {
    removeCacheFile(path)
    open()
    onReset()
  }

  /** In a timer, an error would end the process. */
  function orRecreate(work: () => void) {
    try {
      work()
    } catch (error) {
      recreate(error)
    }
  }

  function recreate(error: unknown) {
    if (closed || reopening) return
    log.error({ err: error }, 'The file of the dead letters failed: it is recreated')
    const failed = current
    current = undefined
    reopening = setTimeout(() => {
      reopening = undefined
      orRecreate(openEmpty)
    }, REOPEN_AFTER_MS)
    failed?.abandon()
  }

  orRecreate(open)
  return {
    /** Throws a NoLetterFileError while there is none. */
    use<Result>(work: (file: LetterFile) => Result): Result {
      if (current === undefined) throw new NoLetterFileError()
      try {
        return work(current)
      } catch (error) {
        recreate(error)
        throw error
      }
    },

    isOpen: (): boolean => current !== undefined,

    async close(): Promise<void> {
      closed = true
      clearTimeout(reopening)
      await current?.close()
    },
  }
}
