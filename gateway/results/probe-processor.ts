import { request } from 'node:http'

const DEADLINE_MS = 1_000

/**
 * Whether a processor responds within a second, on a new connection: a kept one could be broken while the
 * processor is healthy. Any status counts as a response; only reads show whether it can serve results.
 */
export function probeProcessor(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request(`${url}/health/live`, { agent: false })
    const settle = (answers: boolean) => {
      clearTimeout(timer)
      resolve(answers)
      probe.destroy()
    }
    // Runs after received data was read: a delay of this gateway must not be blamed on the processor.
    const timer = setTimeout(() => setImmediate(settle, false), DEADLINE_MS)
    probe.once('response', () => settle(true))
    probe.on('error', () => settle(false))
    probe.end()
  })
}
