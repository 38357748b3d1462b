import type { Phase } from './progress.ts'

// npm forwards a Ctrl-C that the terminal has already sent to both processes.
const ECHO_MS = 200

/** Each interrupt ends the current phase: first sending, then waiting, then the process. */
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
