import type { LayoutFollower } from '../../backbone/layout/follow-layout.ts'
import { homesNow } from '../../backbone/layout/homes.ts'
import { LEASE_MS } from '../../backbone/layout/lease.ts'

interface LeaseOptions {
  layout: Pick<LayoutFollower, 'current' | 'steadyAt' | 'begunAt' | 'isRefused' | 'until'>
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
  /** Resolves with the layout in force as soon as it is certain that no change of it has begun. */
  acquire: () => Promise<SentLayout>
  /** Whether what was sent under this version may be acknowledged; resolves when that is certain. */
  isKept: (version: number) => Promise<boolean>
  /** Whether checkouts wait for a change. */
  isHeld: () => boolean
  /** Milliseconds of a monotonic clock that stands still while checkouts wait for a change, up to a limit. */
  clock: () => number
}

// A change takes less, unless partitions have no owner. Then buyers must be answered.
const LONGEST_HOLD_MS = 10_000

/**
 * A gateway that has not asked for the layout for too long may not know that a change has begun: it neither sends nor
 * acknowledges checkouts then. One that may not read the layout goes by the one that it knows.
 */
export function createLayoutLease({ layout, now = () => performance.now() }: LeaseOptions): LayoutLease {
  const hasBegun = () => layout.current().change?.begun === true
  const isFresh = () => layout.isRefused() || now() - layout.steadyAt() < LEASE_MS

  const isHeld = () => hasBegun() && !layout.isRefused()
  let heldMs = 0
  let currentMs = 0

  function current(): SentLayout {
    const { version, homes } = layout.current()
    return { version, partitions: homesNow(homes) }
  }

  return {
    current,

    async acquire() {
      await layout.until(() => isFresh() && !hasBegun())
      return current()
    },

    async isKept(version) {
      const isSame = () => layout.current().version === version
      await layout.until(() => isFresh() || hasBegun() || !isSame())
      return isFresh() && isSame()
    },

    isHeld,

    clock() {
      const holdMs = isHeld() ? Math.min(now() - layout.begunAt(), LONGEST_HOLD_MS) : 0
      if (holdMs === 0) {
        heldMs += currentMs
        currentMs = 0
      } else currentMs = holdMs
      return now() - heldMs - currentMs
    },
  }
}
