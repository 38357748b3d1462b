import { request } from 'node:http'

const DEADLINE_MS = 1_000

/**
 * Whether a processor answers within a second, on a connection of its own: a kept one could be broken where the processor
 * is not. Any status is an answer; whether it can serve results is for the reads to find out.
 */
export function probeProcessor(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = request(`${url}/health/live`, { agent: false })
    const settle = (answers: boolean) => {
      clearTimeout(timer)
      resolve(answers)
      probe.destroy()
    }
    // After what has arrived was read: a gateway that was held up itself must not blame the processor.
    const timer = setTimeout(() => setImmediate(settle, false), DEADLINE_MS)
    probe.once('response', () => settle(true))
    probe.on('error', () => settle(false))
    probe.end()
  })
}
