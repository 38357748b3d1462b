import type { ProcessorPool } from './processor-pool.ts'

const PERIOD_MS = 1_000
// The second probe follows quickly: a processor is taken out within three seconds, or sooner if reads are in
// flight.
const CONFIRM_MS = 250
const FAILURES_BEFORE_OUT = 2

interface ProbeOptions {
  pool: Pick<ProcessorPool, 'urls' | 'probed' | 'onSuspect'>
  /** Whether the processor responds in time; never rejects. */
  probe: (url: string) => Promise<boolean>
  /** Stops further probes. */
  stop: AbortSignal
}

/**
 * Probes each processor once a second, with jitter, and a suspected one immediately. Two failures in a row
 * take it out; one response brings it back.
 */
export function probeProcessors({ pool, probe, stop }: ProbeOptions): void {
  const probers = new Map(pool.urls.map((url) => [url, createProber(url)]))
  pool.onSuspect((url) => probers.get(url)?.probeNow())
  for (const { probeNow } of probers.values()) probeNow()

  function createProber(url: string) {
    let failures = 0
    let isProbing = false
    let timer: ReturnType<typeof setTimeout> | undefined
    stop.addEventListener('abort', () => clearTimeout(timer))

    async function probeOnce() {
      isProbing = true
      const answers = await probe(url)
      isProbing = false
      if (stop.aborted) return
      failures = answers ? 0 : failures + 1
      if (answers || failures >= FAILURES_BEFORE_OUT) pool.probed(url, answers)
      const isDoubtful = failures > 0 && failures < FAILURES_BEFORE_OUT
      timer = setTimeout(probeNow, isDoubtful ? CONFIRM_MS : PERIOD_MS * (0.9 + Math.random() * 0.2))
    }

    function probeNow() {
      if (isProbing || stop.aborted) return
      clearTimeout(timer)
      void probeOnce()
    }

    return { probeNow }
  }
}
