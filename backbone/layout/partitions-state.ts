import { z } from 'zod'
import { ProblemError } from '../problem.ts'
import { homesNow } from './homes.ts'
import type { LayoutState } from './layout-state.ts'

export const MOST_PARTITIONS = 1_000
export const MOST_REQUEST_BYTES = 1_024

/** Answer about the partitions that customers are spread over. */
export interface PartitionsState {
  /** In force. */
  partitions: number
  /** How often it was changed. */
  version: number
  /** A change that is not in force yet. */
  change: {
    partitions: number
    /** Whether checkouts wait for it. */
    begun: boolean
    /** Partitions that have switched, of those before the change. */
    switched: number
    of: number
  } | null
}

export function partitionsState({ version, homes, change }: LayoutState): PartitionsState {
  return {
    partitions: homesNow(homes),
    version,
    change: change
      ? {
          partitions: change.partitions,
          begun: change.begun,
          switched: change.switched.size,
          of: change.former.partitions,
        }
      : null,
  }
}

const requestSchema = z.strictObject({ partitions: z.int().min(2).max(MOST_PARTITIONS) })

/** The number of partitions that an operator asks for. Throws `partitions-refused`. */
export function readPartitionsRequest(json: unknown): number {
  const { data } = requestSchema.safeParse(json)
  if (data) return data.partitions
  throw new ProblemError('partitions-refused', {
    detail: `The body must be {"partitions": N}, with a whole number from 2 to ${MOST_PARTITIONS}`,
  })
}
