import { LEAST_EXPOSED, LEAST_SLOW, type Periods } from '../../processor/insights/find-causes.ts'
import { riskRatio } from '../../processor/insights/intervals.ts'
import { createStore } from '../../processor/insights/testing/generate-purchases.ts'
import { watchStore } from '../../processor/insights/testing/watch-store.ts'
import { minutesUntilNamed, paymentErrors } from '../insights/planted.ts'

// Arguments: how many generated days, the seed, and how causes are looked for: `tested`, as the product does, or
// `plain`, by the interval of each ratio alone. Prints in one line, in percent, the days on which any look of any
// minute named a cause though there was none, and the days with a planted one that was named within two minutes of
// its start; and the minutes until it was.

const [count = '', firstSeed = '', how = ''] = process.argv.slice(2)
const days = Number(count)
const seed = Number(firstSeed)
const MINUTE_MS = 60_000
const DAY = 1_440
const PER_MINUTE = 60
const PER_MINUTE_PLANTED = 200
const WITHIN_MINUTES = 2
const BEGINNING = Date.parse('2026-11-01T03:00:00Z')

/** Whether a ratio of any product, city, hour, stage, error or pair is above 1 by its 95 % interval. */
const findPlainly = ({ now }: Pick<Periods, 'now'>): number =>
  [...now.candidates].filter(([candidate, counts]) => {
    if (counts.of < LEAST_EXPOSED || counts.slow < LEAST_SLOW) return false
    return (riskRatio(counts, now.others(candidate))?.interval[0] ?? 0) > 1
  }).length

function alarmsWithoutCause(): number {
  const store = createStore({ seed, perMinute: PER_MINUTE })
  const watch = watchStore('America/Santiago')
  const alarmed = new Set<number>()
  for (let minute = 0; minute < (days + 2) * DAY; minute++) {
    watch.add(store.minute(BEGINNING + minute * MINUTE_MS))
    const day = Math.floor(minute / DAY)
    if (day < 2 || alarmed.has(day)) continue
    const named =
      how === 'plain'
        ? watch.periods().some((periods) => findPlainly(periods) > 0)
        : watch.look().some(({ causes }) => causes.length > 0)
    if (named) alarmed.add(day)
  }
  return alarmed.size
}

const falseAlarms = (100 * alarmsWithoutCause()) / days
const named =
  how === 'plain'
    ? []
    : Array.from({ length: Math.ceil(days / 8) }, (_, n) =>
        minutesUntilNamed({ seed: seed * 1_000 + n, perMinute: PER_MINUTE_PLANTED, planted: paymentErrors }),
      )
const inTime = named.filter((minutes) => minutes <= WITHIN_MINUTES)
const found =
  named.length === 0
    ? {}
    : {
        inTime: (100 * inTime.length) / named.length,
        minutes: named.reduce((sum, minutes) => sum + minutes, 0) / named.length,
      }
console.log(JSON.stringify({ falseAlarms, ...found }))
