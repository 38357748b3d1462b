import type { FiguresRecord } from '../figures/member-figures.ts'
import { SILENT_AFTER_MS } from './track-members.ts'

interface ReceptionOptions {
  /** The member that adds the figures up. */
  from: string
  /** It knows only its own figures. */
  partial: boolean
}

/** How often a state is made. */
export const TICK_MS = 1_000
const PAUSED_FROM_MS = 2_500
/** After an outage of Kafka, members publish again one after the other. */
const RECONNECTED_WITHIN_MS = 8_000

/** Whether the figures of all members arrive. While they do not, nothing is known about the others. */
export function watchReception({ from, partial }: ReceptionOptions) {
  let lastRecordAt = Number.NEGATIVE_INFINITY
  let lastTick = Number.NEGATIVE_INFINITY
  let isInterrupted = false
  let interruptedAt = Number.NEGATIVE_INFINITY
  /** When this process continued after a pause whose records it may not have read yet. */
  let resumedAt: number | undefined

  return {
    /** A record of the topic. Its own figures of after the pause are behind all records that it has missed. */
    received(record: FiguresRecord, at: number): void {
      lastRecordAt = at
      if (resumedAt === undefined || record.is !== 'figures') return
      if (record.member === from && record.at >= resumedAt) resumedAt = undefined
    },

    /** Once a second. Returns for how long this process was frozen, or by how much its clock was moved; 0 if neither. */
    tick(now: number): number {
      const sinceTick = now - lastTick
      lastTick = now
      const wasPaused = Number.isFinite(sinceTick) && (sinceTick > PAUSED_FROM_MS || sinceTick < 0)
      const pausedMs = wasPaused ? sinceTick - TICK_MS : 0
      lastRecordAt += pausedMs
      if (wasPaused) resumedAt = now
      if (resumedAt !== undefined && now - resumedAt > RECONNECTED_WITHIN_MS) resumedAt = undefined
      isInterrupted = !partial && (now - lastRecordAt > SILENT_AFTER_MS || resumedAt !== undefined)
      if (isInterrupted) interruptedAt = now
      return pausedMs
    },

    /** No figures arrive, not even those of this process. */
    isInterrupted: (): boolean => isInterrupted,
    /** Figures have arrived for so long that a member without any is silent. */
    isStable: (): boolean => lastTick - interruptedAt > RECONNECTED_WITHIN_MS,
    lastRecordAt: (): number => lastRecordAt,
    lastTick: (): number => lastTick,
    resumedAt: (): number | undefined => resumedAt,
  }
}
