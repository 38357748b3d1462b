import type { Logger } from 'pino'
import type { LayoutFollower } from '../../backbone/layout/follow-layout.ts'
import { homesNow } from '../../backbone/layout/homes.ts'
import { LEASE_MS } from '../../backbone/layout/lease.ts'

interface LeaseOptions {
  layout: Pick<
    LayoutFollower,
    'current' | 'steadyAt' | 'readAt' | 'begunAt' | 'isKnown' | 'isRefused' | 'until' | 'wake'
  >
  /** That of the layout. */
  topic: string
  log: Logger
  /** Milliseconds of a monotonic clock. */
  now?: () => number
}

/** What checkouts are sent by. */
export interface SentLayout {
  version: number
  partitions: number
}

export interface LayoutLease {
  /** The layout in force, as far as is known. */
  current: () => SentLayout
  /** Partitions of the layout that is to follow it; 0 if there is none. */
  planned: () => number
  /** Resolves with the layout in force as soon as checkouts may be sent under it. */
  acquire: () => Promise<SentLayout>
  /** Whether what was sent under this version may be acknowledged; resolves when that is certain. */
  isKept: (version: number) => Promise<boolean>
  /** Whether checkouts wait for a change. */
  isHeld: () => boolean
  /** Milliseconds of a monotonic clock that stands still while checkouts wait for a change. */
  clock: () => number
}

// A change takes less, unless partitions have no owner.
const LONGEST_HOLD_MS = 10_000
const TICK_MS = 100
// Ticks, not milliseconds: a gateway that was frozen has not waited, and has to ask before it sends.
const PATIENCE_TICKS = 20
/** A process that has not ticked for so long was frozen. */
const FROZEN_MS = 1_000

/**
 * A gateway that has not asked for the layout for too long may not know that a change has begun, and during a change owners
 * switch: it neither sends nor acknowledges checkouts then. Both only for some seconds, because buyers must not wait for
 * processors or for one broker. Afterwards it goes by the layout that it knows; owners forward what is at a former home. One
 * that may not read the layout does so at once.
 */
export function createLayoutLease({ layout, topic, log, now = () => performance.now() }: LeaseOptions) {
  let silentTicks = 0
  let warned: string | undefined
  let tickedAt = now()
  let heldMs = 0
  let countedUntil = Number.NEGATIVE_INFINITY

  const isRead = () => layout.isRefused() || now() - layout.readAt() < LEASE_MS
  const wasFrozen = () => now() - tickedAt > FROZEN_MS
  // What runs before the first tick after a freeze must ask, too.
  const isUnreadable = () => silentTicks >= PATIENCE_TICKS && !wasFrozen()
  const isChanging = () => layout.current().change?.begun === true && !layout.isRefused()
  const holdMs = () => Math.min(now() - layout.begunAt(), LONGEST_HOLD_MS)
  const isHeld = () => isChanging() && holdMs() < LONGEST_HOLD_MS
  const maySend = () => !isHeld() && (isRead() || isUnreadable())

  function current(): SentLayout {
    const { version, homes } = layout.current()
    return { version, partitions: homesNow(homes) }
  }

  function warning(): string | undefined {
    const { partitions } = current()
    if (isChanging() && maySend())
      return `A change of the partitions has begun and does not end: checkouts go to the ${partitions} partitions before it. Start processors until every partition has an owner`
    return isUnreadable()
      ? `The topic ${topic} cannot be read: checkouts go to the ${partitions} partitions that are known. Check the broker that leads it`
      : undefined
  }

  function tick() {
    silentTicks = !layout.isKnown() || isRead() || wasFrozen() ? 0 : silentTicks + 1
    tickedAt = now()
    const found = warning()
    if (found !== undefined && found !== warned) log.warn(found)
    warned = found
    layout.wake()
  }
  const timer = setInterval(tick, TICK_MS)

  return {
    current,
    planned: () => layout.current().change?.partitions ?? 0,

    async acquire() {
      await layout.until(maySend)
      return current()
    },

    async isKept(version: number) {
      const isSame = () => layout.current().version === version
      await layout.until(() => maySend() || isHeld() || !isSame())
      // Owners wait longer before they switch.
      const isBeforeSwitch = () => now() - layout.steadyAt() < LEASE_MS
      return isSame() && (maySend() || isBeforeSwitch())
    },

    isHeld,

    clock() {
      const at = now()
      if (isChanging()) {
        const begunAt = layout.begunAt()
        const from = Math.max(begunAt, countedUntil)
        heldMs += Math.max(0, Math.min(at, begunAt + LONGEST_HOLD_MS) - from)
      }
      // No time counts twice, also if the layout could not be read meanwhile: the clock never goes back.
      countedUntil = at
      return at - heldMs
    },

    /** Why the layout by which checkouts are sent may not be the newest, and the remedy. */
    warning,
    stop: () => clearInterval(timer),
  }
}
