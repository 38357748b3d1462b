import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { KeptAdmin } from './admin.ts'
import { firstToAnswer } from './bootstrap.ts'
import { bootstrapOptions } from './client.ts'
import { diagnoseBrokers } from './diagnose-broker.ts'
import { errorText } from './error-text.ts'
import {
  type HiddenAnswers,
  type KafkaUse,
  principalOf,
  type Refusal,
  type RefusalSettings,
  refusalOf,
} from './refusal.ts'

interface RefusalOptions {
  settings: RefusalSettings
  /** Authenticates, in order to see whether Kafka lets this process in. */
  admin: KeptAdmin
  answers: HiddenAnswers
  /** Called with what was refused and what to check, once until it is over. */
  onRefusal: (text: string) => void
  log: Logger
}

/** What one client reports, so that it learns when to try again. */
export interface ClientRefusals {
  /** Resolves when Kafka accepts the connections of this process. */
  admitted: () => Promise<void>
  /**
   * After a failure: resolves with true when Kafka refused something and it is time for another attempt, and immediately
   * with false for any other failure.
   */
  refused: (error: unknown, signal?: AbortSignal) => Promise<boolean>
  /** Call it when a request that may have been refused before has succeeded. */
  allowed: () => void
}

// Brokers may lock an account after a few attempts.
const SHORTEST_DELAY_MS = 1_000
const LONGEST_DELAY_MS = 30_000
const LOGGED_EVERY_MS = 60_000
const DIAGNOSED_EVERY_MS = 5_000
// A process that is started together with Kafka must not be late.
const UNREACHABLE_DELAY_MS = 100
const UNREACHABLE_LOGGED_EVERY_MS = 5_000

export const refusalDelayMs = (refusals: number): number =>
  Math.min(SHORTEST_DELAY_MS * 2 ** refusals, LONGEST_DELAY_MS)

/**
 * Knows what Kafka refuses this process at the moment: logs it once, and again once a minute, until it is over. While
 * Kafka does not let the process in at all, only one attempt is made at a time, on behalf of all clients.
 */
export function watchRefusals({ settings, admin, answers, onRefusal, log }: RefusalOptions) {
  const diagnosis = { ...bootstrapOptions(settings), mechanism: settings.KAFKA_SASL_MECHANISM }
  const principal = principalOf(settings)
  const inForce = new Map<object, Refusal>()
  // Clients that this process can do without.
  const dispensable = new Set<object>()
  const loggedAt = new Map<string, number>()
  const announced = new Set<string>()
  let diagnosedAt = Number.NEGATIVE_INFINITY
  let hasBeenAdmitted = false
  const wholeProcess = {}
  let admission: Promise<void> | undefined = admit()

  const textOf = ({ what, check }: Refusal) => `${what} (${principal}): check ${check}`
  function textsOf(isCounted: (client: object) => boolean): string | undefined {
    const counted = [...inForce].filter(([client]) => isCounted(client))
    const texts = new Set(counted.map(([, refusal]) => textOf(refusal)))
    return texts.size > 0 ? [...texts].join('; ') : undefined
  }

  const isInForce = (what: string) => [...inForce.values()].some((refusal) => refusal.what === what)

  function begin(client: object, refusal: Refusal) {
    const { what } = refusal
    if (inForce.get(client)?.what !== what) end(client)
    inForce.set(client, refusal)
    const now = performance.now()
    if (now - (loggedAt.get(what) ?? Number.NEGATIVE_INFINITY) < LOGGED_EVERY_MS) return
    loggedAt.set(what, now)
    if (!announced.has(what)) onRefusal(textOf(refusal))
    announced.add(what)
    log.error(textOf(refusal))
  }

  function end(client: object) {
    const refusal = inForce.get(client)
    inForce.delete(client)
    // Where one of several brokers refuses, this happens again and again.
    if (refusal === undefined || isInForce(refusal.what) || !announced.delete(refusal.what)) return
    log.info(`Resolved: ${refusal.what} (${principal})`)
  }

  async function admit(): Promise<void> {
    let refusals = 0
    for (let logAt = performance.now() + UNREACHABLE_LOGGED_EVERY_MS; ; ) {
      try {
        await firstToAnswer(diagnosis)
        // Needs no right, and is answered only after authentication, where that is required.
        await admin.use((connected) => connected.describeCluster())
        break
      } catch (error) {
        const known = refusalOf(error, { operation: 'Describe' }, settings, answers)
        const refusal = known ?? (await diagnoseBrokers(diagnosis))
        if (refusal) {
          begin(wholeProcess, refusal)
          await sleep(refusalDelayMs(refusals++))
          continue
        }
        if (performance.now() > logAt) {
          log.warn({ error: errorText(error) }, 'Kafka is not ready')
          logAt = performance.now() + UNREACHABLE_LOGGED_EVERY_MS
        }
        await sleep(UNREACHABLE_DELAY_MS)
      }
    }
    end(wholeProcess)
    hasBeenAdmitted = true
    admission = undefined
  }

  /** In the background: a frozen broker does not answer for seconds, and a failed client must not wait for it. */
  async function diagnose(): Promise<void> {
    const now = performance.now()
    if (admission || now - diagnosedAt < DIAGNOSED_EVERY_MS) return
    diagnosedAt = now
    const refusal = await diagnoseBrokers(diagnosis)
    if (refusal) await refuse(refusal)
  }

  function refuse(refusal: Refusal): Promise<void> {
    begin(wholeProcess, refusal)
    admission ??= sleep(SHORTEST_DELAY_MS).then(admit)
    return admission
  }

  return {
    /** With 'warn', the process is able to work without this client. */
    client(use: KafkaUse, severity: 'fail' | 'warn' = 'fail'): ClientRefusals {
      const client = {}
      if (severity === 'warn') dispensable.add(client)
      let refusals = 0
      return {
        admitted: () => admission ?? Promise.resolve(),
        async refused(error, signal) {
          const refusal = refusalOf(error, use, settings, answers)
          if (refusal?.of === 'use') {
            begin(client, refusal)
            await orAborted(sleep(refusalDelayMs(refusals++)), signal)
            return true
          }
          if (refusal || admission) {
            await orAborted(refusal ? refuse(refusal) : admission, signal)
            return true
          }
          void diagnose()
          return false
        },
        allowed() {
          refusals = 0
          end(client)
        },
      }
    },

    /** Resolves when Kafka accepts the connections of this process. */
    admitted: (): Promise<void> => admission ?? Promise.resolve(),

    isAdmitted: (): boolean => admission === undefined,

    /** What Kafka refused, and what to check; undefined if the error is no refusal. For a use that this process can do without. */
    explain(error: unknown, use: KafkaUse): string | undefined {
      const refusal = refusalOf(error, use, settings, answers)
      return refusal && textOf(refusal)
    },

    /** Whether Kafka refuses something at present. */
    isRefused: (): boolean => inForce.size > 0,

    /** The current refusals, or that Kafka has not answered yet; undefined if there is neither. */
    detail(): string | undefined {
      return (
        textsOf((client) => !dispensable.has(client)) ??
        (hasBeenAdmitted ? undefined : 'Kafka does not answer')
      )
    },

    /** What is refused to clients that this process can do without. */
    warning: (): string | undefined => textsOf((client) => dispensable.has(client)),
  }
}

export type KafkaRefusals = ReturnType<typeof watchRefusals>

async function orAborted(waiting: Promise<unknown> | undefined, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return
  const aborted = Promise.withResolvers<void>()
  const abort = () => aborted.resolve()
  signal?.addEventListener('abort', abort, { once: true })
  await Promise.race([waiting, aborted.promise])
  signal?.removeEventListener('abort', abort)
}
