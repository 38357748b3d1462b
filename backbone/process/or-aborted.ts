/** Resolves when the promise does, or the signal is aborted; rejects if the promise does. */
export async function orAborted(waiting: Promise<unknown> | undefined, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return
  const aborted = Promise.withResolvers<void>()
  const abort = () => aborted.resolve()
  signal?.addEventListener('abort', abort, { once: true })
  await Promise.race([waiting, aborted.promise])
  signal?.removeEventListener('abort', abort)
}
