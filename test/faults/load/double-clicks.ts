import { now } from '../../../loadgen/clock.ts'
import type { Attempt } from './attempt.ts'
import type { BrokenReplay } from './storefront-result.ts'

// The memory of a gateway is limited: a second click that was delayed for long proves nothing.
const REMEMBERED_MS = 10_000
// A new process may answer before its restart is known.
const RESTART_KNOWN_WITHIN_MS = 5_000

interface Click {
  gateway: number
  firstBegan: number
  againEnded: number
  broken: BrokenReplay | undefined
}

/** Compares the answer of a second click with that of the first, while the gateway must remember it. */
export function createDoubleClicks() {
  const restarts: { gateway: number; at: number }[] = []
  const clicks: Click[] = []

  const restartedWithin = (gateway: number, from: number, to: number) =>
    restarts.some((restart) => restart.gateway === gateway && restart.at >= from && restart.at <= to)

  return {
    restarted(gateway: number) {
      restarts.push({ gateway, at: now() })
    },
    isRemembered: ({ gateway, began }: Attempt) => !restartedWithin(gateway, began, now()),
    /** Does not compare a 503, which says nothing about remembered answers: a gateway that shuts down sends it. */
    compare(key: string, first: Attempt, again: Attempt) {
      const expected = first.answer
      const got = again.answer
      if (!expected || !got || got.status === 503 || again.began - first.ended > REMEMBERED_MS) return
      const replayedHeader = got.header('idempotent-replayed')
      const same = got.status === expected.status && got.body === expected.body && replayedHeader === 'true'
      const textOf = ({ status, body }: typeof got) => `${status} ${body}`
      clicks.push({
        gateway: first.gateway,
        firstBegan: first.began,
        againEnded: again.ended,
        broken: same
          ? undefined
          : { key, gateway: first.gateway, expected: textOf(expected), got: textOf(got), replayedHeader },
      })
    },
    toResult(): { replaysChecked: number; brokenReplays: BrokenReplay[] } {
      const ofOneProcess = clicks.filter(
        ({ gateway, firstBegan, againEnded }) =>
          !restartedWithin(gateway, firstBegan, againEnded + RESTART_KNOWN_WITHIN_MS),
      )
      return {
        replaysChecked: ofOneProcess.length,
        brokenReplays: ofOneProcess.flatMap(({ broken }) => broken ?? []),
      }
    },
  }
}

export type DoubleClicks = ReturnType<typeof createDoubleClicks>
