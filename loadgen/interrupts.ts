import type { Phase } from './progress.ts'

// npm passes on the Ctrl-C that a terminal has sent to both of them.
const ECHO_MS = 200

/** Each interrupt ends what the run is at: first the sending, then the waiting, and at last the process. */
export function createInterrupts(phase: () => Phase, endProcess: () => void) {
  const sending = new AbortController()
  const waiting = new AbortController()
  let mayBeEcho = false
  return {
    stopSending: sending.signal,
    stopWaiting: waiting.signal,
    interrupt: (): void => {
      if (mayBeEcho) return
      mayBeEcho = true
      setTimeout(() => {
        mayBeEcho = false
      }, ECHO_MS)
      const current = phase()
      if (current === 'connecting' || waiting.signal.aborted) endProcess()
      else if (current === 'sending') sending.abort()
      else waiting.abort()
    },
  }
}
