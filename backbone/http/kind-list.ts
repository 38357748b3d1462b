import { z } from 'zod'
import { nearestName } from '../nearest-name.ts'
import { mistakenFor } from '../records/mistaken-kind.ts'
import { baseKinds, KIND, type OutcomeKind } from '../records/outcome.ts'

/** `notified`: all kinds whose customers get a message. */
export type KindSelection = 'all' | 'notified' | OutcomeKind[]

export const ALL_KINDS = 'all'

const allowed = `must be one of ${baseKinds.join(', ')}, ${ALL_KINDS}, or a kind of the rules in force`

function faultOf(name: string): string {
  const meant = mistakenFor(name) ?? (KIND.test(name) ? undefined : nearestName(name, baseKinds))
  return meant === undefined ? allowed : `${allowed}; did you mean ${meant}?`
}

const kindName = z
  .string()
  .refine((name) => KIND.test(name) && mistakenFor(name) === undefined, {
    error: ({ input }) => faultOf(String(input)),
  })
  .transform((name) => name as OutcomeKind)

/**
 * A list of kinds, which may also be repeated: `kind=none&kind=quick` is `kind=none,quick`. A kind that the rules of
 * this process do not know is accepted: other members may have other rules.
 */
export const kindList = z
  .union([z.string(), z.array(z.string())])
  .transform((lists) => [lists].flat().flatMap((list) => list.split(',')))
  .pipe(z.array(kindName))
  .transform((kinds): KindSelection => (kinds.some((kind) => String(kind) === ALL_KINDS) ? ALL_KINDS : kinds))
