import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { KeptAdmin } from './admin.ts'
import { firstToAnswer } from './bootstrap.ts'
import { type DiagnosisOptions, diagnoseBrokers } from './diagnose-broker.ts'
import { errorText } from './error-text.ts'
import type { Refusal } from './refusal.ts'
import { refusalDelayMs } from './retry-delay.ts'

interface AuthenticationOptions {
  diagnosis: DiagnosisOptions
  /** Authenticates, in order to see whether Kafka lets this process in. */
  admin: KeptAdmin
  /** Undefined if the error is no refusal. */
  refusalIn: (error: unknown) => Refusal | undefined
  onRefused: (refusal: Refusal) => void
  /** Resolves when there are other credentials to try. */
  nextReload: () => Promise<void>
  log: Logger
}

// A process that is started together with Kafka must not be late.
const UNREACHABLE_DELAY_MS = 100
const UNREACHABLE_LOGGED_EVERY_MS = 5_000

/** Resolves when Kafka accepts the connections of this process. */
export async function awaitAuthentication(options: AuthenticationOptions): Promise<void> {
  const { diagnosis, admin, refusalIn, onRefused, nextReload, log } = options
  let refusals = 0
  for (let logAt = performance.now() + UNREACHABLE_LOGGED_EVERY_MS; ; ) {
    const reloaded = nextReload()
    try {
      await firstToAnswer(diagnosis)
      // Needs no right, and is answered only after authentication, where that is required.
      await admin.use((connected) => connected.describeCluster())
      return
    } catch (error) {
      const answered = refusalIn(error)
      const refusal =
        answered?.of === 'connection' ? answered : ((await diagnoseBrokers(diagnosis)) ?? answered)
      if (refusal) {
        onRefused(refusal)
        await Promise.race([sleep(refusalDelayMs(refusals++)), reloaded])
        continue
      }
      if (performance.now() > logAt) {
        log.warn({ error: errorText(error) }, 'Kafka is not ready')
        logAt = performance.now() + UNREACHABLE_LOGGED_EVERY_MS
      }
      await sleep(UNREACHABLE_DELAY_MS)
    }
  }
}
