import type { Checkout } from '../../backbone/records/checkout.ts'
import { createRecorder } from './record-shoppers.ts'

const MAX_WAITING = 500_000

/** Saves checkouts while they are sent; undefined without a directory. `onFailure` is called at most once. */
export async function createRecording(directory: string | undefined, onFailure: (reason: string) => void) {
  if (directory === undefined) return undefined
  const recorder = await createRecorder(directory)
  let written = Promise.resolve()
  let waiting = 0
  let hasFailed = false

  function fail(error: unknown) {
    if (hasFailed) return
    hasFailed = true
    onFailure(error instanceof Error ? error.message : String(error))
  }

  return {
    add(sent: readonly { body: string; atMs: number }[]): void {
      if (sent.length === 0 || hasFailed) return
      if (waiting > MAX_WAITING) return fail(new Error(`cannot record: ${directory} is slower than the load`))
      const checkouts = sent.map(({ body, atMs }) => ({ checkout: JSON.parse(body) as Checkout, atMs }))
      waiting += checkouts.length
      written = recorder
        .record(checkouts)
        .catch(fail)
        .finally(() => {
          waiting -= checkouts.length
        })
    },
    async close(): Promise<void> {
      await written
      await recorder.close().catch(fail)
    },
  }
}
