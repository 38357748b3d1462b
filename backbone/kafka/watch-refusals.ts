import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import { orAborted } from '../process/or-aborted.ts'
import type { KeptAdmin } from './admin.ts'
import { awaitAuthentication } from './await-authentication.ts'
import type { BootstrapOptions } from './bootstrap.ts'
import type { Credentials } from './credentials/open-credentials.ts'
import { principalOf, saslMechanism } from './credentials/principal.ts'
import { diagnoseBrokers } from './diagnose-broker.ts'
import {
  type HiddenAnswers,
  type KafkaUse,
  type Refusal,
  type RefusalSettings,
  refusalOf,
} from './refusal.ts'
import { createRefusalsInForce } from './refusals-in-force.ts'
import { refusalDelayMs } from './retry-delay.ts'

interface RefusalOptions {
  settings: RefusalSettings
  bootstrap: BootstrapOptions & Pick<Credentials, 'nextReload'>
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
  authenticated: () => Promise<void>
  /**
   * After a failure: resolves with true when Kafka refused something and it is time for another attempt, and immediately
   * with false for any other failure.
   */
  refused: (error: unknown, signal?: AbortSignal) => Promise<boolean>
  /** Call it when a request that may have been refused before has succeeded. */
  allowed: () => void
}

const DIAGNOSED_EVERY_MS = 5_000

/**
 * Knows what Kafka refuses this process at the moment. While Kafka does not let the process in at all, only one attempt
 * is made at a time, on behalf of all clients.
 */
export function watchRefusals({ settings, bootstrap, admin, answers, onRefusal, log }: RefusalOptions) {
  const diagnosis = { ...bootstrap, mechanism: saslMechanism(settings) }
  const refusalIn = (error: unknown, use: KafkaUse) => refusalOf(error, use, settings, answers)
  const inForce = createRefusalsInForce({ principal: principalOf(settings), onRefusal, log })
  // Clients that this process can do without.
  const dispensable = new Set<object>()
  const wholeProcess = {}
  let diagnosedAt = Number.NEGATIVE_INFINITY
  let hasAuthenticated = false
  /** Undefined while Kafka lets this process in. */
  let authentication: Promise<void> | undefined = authenticate()

  async function authenticate(): Promise<void> {
    await awaitAuthentication({
      diagnosis,
      admin,
      refusalIn: (error) => refusalIn(error, { operation: 'Describe' }),
      onRefused: (refusal) => inForce.begin(wholeProcess, refusal),
      nextReload: bootstrap.nextReload,
      log,
    })
    inForce.end(wholeProcess)
    hasAuthenticated = true
    authentication = undefined
  }

  /** In the background: a frozen broker does not answer for seconds, and a failed client must not wait for it. */
  async function diagnose(): Promise<void> {
    const now = performance.now()
    if (authentication || now - diagnosedAt < DIAGNOSED_EVERY_MS) return
    diagnosedAt = now
    const refusal = await diagnoseBrokers(diagnosis)
    if (refusal) await refuse(refusal)
  }

  function refuse(refusal: Refusal): Promise<void> {
    inForce.begin(wholeProcess, refusal)
    authentication ??= sleep(refusalDelayMs(0)).then(authenticate)
    return authentication
  }

  return {
    /** With 'warn', the process is able to work without this client. */
    client(use: KafkaUse, severity: 'fail' | 'warn' = 'fail'): ClientRefusals {
      const client = {}
      if (severity === 'warn') dispensable.add(client)
      let refusals = 0
      return {
        authenticated: () => authentication ?? Promise.resolve(),
        async refused(error, signal) {
          const refusal = refusalIn(error, use)
          if (refusal?.of === 'use') {
            inForce.begin(client, refusal)
            await orAborted(sleep(refusalDelayMs(refusals++)), signal)
            return true
          }
          if (refusal || authentication) {
            await orAborted(refusal ? refuse(refusal) : authentication, signal)
            return true
          }
          void diagnose()
          return false
        },
        allowed() {
          refusals = 0
          inForce.end(client)
        },
      }
    },

    /** Resolves when Kafka accepts the connections of this process. */
    authenticated: (): Promise<void> => authentication ?? Promise.resolve(),

    isAuthenticated: (): boolean => authentication === undefined,

    /**
     * What Kafka refused, and what to check; undefined if the error is no refusal. For a use that this process can do
     * without.
     */
    explain(error: unknown, use: KafkaUse): string | undefined {
      const refusal = refusalIn(error, use)
      return refusal && inForce.textOf(refusal)
    },

    /** Whether Kafka refuses something at present. */
    isRefused: (): boolean => !inForce.isEmpty(),

    /** The current refusals, or that Kafka has not answered yet; undefined if there is neither. */
    detail(): string | undefined {
      return (
        inForce.texts((client) => !dispensable.has(client)) ??
        (hasAuthenticated ? undefined : 'Kafka does not answer')
      )
    },

    /** What is refused to clients that this process can do without. */
    warning: (): string | undefined => inForce.texts((client) => dispensable.has(client)),
  }
}

export type KafkaRefusals = ReturnType<typeof watchRefusals>
