import { randomBytes } from 'node:crypto'
import type { HealthCheck } from '../http/health-check.ts'
import type { EventArguments, MemberEvent } from './member-event.ts'
import type { MemberFigures, RoleFigures } from './member-figures.ts'

export interface MemberOptions {
  /** The same as in the log: see `instanceName`. */
  name: string
  /** The readiness checks. */
  checks: () => readonly HealthCheck[]
  /** The figures of its role. */
  own: () => RoleFigures
}

/** This process, as the operations page knows it. */
export function createMember({ name, checks, own }: MemberOptions) {
  const identity = { member: name, run: randomBytes(6).toString('hex') }
  const startedAt = Date.now()
  const began = performance.now()
  let events = 0

  return {
    /** As of now. */
    figures(): MemberFigures {
      const { user, system } = process.cpuUsage()
      return {
        is: 'figures',
        ...identity,
        // A clock that is set back or forward would look like silence, or like an hour without checkouts.
        at: Math.round(startedAt + performance.now() - began),
        startedAt,
        memoryBytes: process.memoryUsage.rss(),
        cpuSeconds: (user + system) / 1_000_000,
        faults: checks().flatMap(({ name: check, status, detail = check }) =>
          status === 'pass' ? [] : [{ check, detail, status }],
        ),
        ...own(),
      }
    },
    /** The event gets the next number. */
    event: (...[code, details]: EventArguments): MemberEvent =>
      ({
        is: 'event',
        ...identity,
        number: events++,
        at: Date.now(),
        code,
        details: details ?? {},
      }) as MemberEvent,
  }
}

export type Member = ReturnType<typeof createMember>
