interface Watch {
  onRequest: () => void
  /** Whether the next answer is thrown away, as a network that breaks would do. */
  losesNextAnswer: boolean
}

const watches = new Map<string, Watch>()

/** Watches the requests with this body. */
export const watchRequests = (body: string, watch: Watch): void => void watches.set(body, watch)

/** The script of the shop calls the browser's `fetch`, which cannot be made to fail in another way. */
export function watchNetwork(): void {
  const send = globalThis.fetch
  const watched = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const watch = typeof init?.body === 'string' ? watches.get(init.body) : undefined
    watch?.onRequest()
    const isLost = watch?.losesNextAnswer ?? false
    if (watch) watch.losesNextAnswer = false
    const response = await send(input, init)
    if (!isLost) return response
    await response.body?.cancel()
    throw new TypeError('the page has thrown this answer away')
  }
  globalThis.fetch = Object.assign(watched, send)
}
