import { language } from '../../pages/browser/language.ts'

const format = (options: Intl.NumberFormatOptions) => {
  const formatter = new Intl.NumberFormat(language, { useGrouping: 'always', ...options })
  return (value: number) => formatter.format(value)
}
const whole = format({ maximumFractionDigits: 0 })
const oneDigit = format({ minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** Shown instead of a value that is unknown. */
export const UNKNOWN = '–'

const known = (write: (value: number) => string) => (value: number | null | undefined) =>
  value === null || value === undefined ? UNKNOWN : write(value)

/** Up to three decimals: `30`, `2.5`. */
export const decimal = format({ maximumFractionDigits: 3 })

/** `12,345`. */
export const count = known(whole)

/** Of something per second: `0.4`, `1,204`. */
export const rate = known((value) => (value > 0 && value < 9.95 ? oneDigit(value) : whole(value)))

/** `0.4 ms`, `12 ms`, `1.2 s`. */
export const milliseconds = known((value) => {
  if (value < 9.95) return `${oneDigit(value)} ms`
  return value < 999.5 ? `${whole(value)} ms` : `${oneDigit(value / 1_000)} s`
})

/** The two largest units: `4 s`, `3 min 20 s`, `2 h 5 min`, `3 d 4 h`. */
export const duration = known((value) => {
  const seconds = Math.max(0, Math.round(value))
  const parts = [
    [Math.floor(seconds / 86_400), 'd'],
    [Math.floor(seconds / 3_600) % 24, 'h'],
    [Math.floor(seconds / 60) % 60, 'min'],
    [seconds % 60, 's'],
  ] as const
  const first = parts.findIndex(([amount]) => amount > 0)
  if (first === -1) return '0 s'
  return parts
    .slice(first, first + 2)
    .filter(([amount]) => amount > 0)
    .map(([amount, unit]) => `${whole(amount)} ${unit}`)
    .join(' ')
})

const MINUTE_MS = 60_000

/** From milliseconds: `12 ms`, `1.2 s`; from a minute on `3 min 20 s`. */
export const elapsed = (ms: number): string => (ms < MINUTE_MS ? milliseconds(ms) : duration(ms / 1_000))

const MIB = 1024 ** 2

/** `312 MiB`. */
export const bytes = known((value) =>
  value < 1024 * MIB ? `${whole(value / MIB)} MiB` : `${oneDigit(value / MIB / 1024)} GiB`,
)

/** Share of one: `34 %`. */
export const share = known((value) => `${whole(value * 100)} %`)

/** With a decimal: `12.3`. */
export const oneDecimal = known(oneDigit)

/** Share of one, with a decimal: `12.3 %`. */
export const preciseShare = known((value) => `${oneDigit(value * 100)} %`)

const dates = (options: Intl.DateTimeFormatOptions) => {
  const formatter = new Intl.DateTimeFormat(language, { hourCycle: 'h23', ...options })
  return (at: number) => formatter.format(at)
}
const timeOfDay = dates({ timeStyle: 'medium' })
const dateAndTime = dates({ dateStyle: 'medium', timeStyle: 'medium' })

/** In the viewer's zone; with the date unless it is today. From milliseconds since the epoch. */
export function time(at: number): string {
  const isToday = new Date(at).toDateString() === new Date().toDateString()
  return isToday ? timeOfDay(at) : dateAndTime(at)
}

/** `Nov 29, 22:04`, in a zone by its IANA name. */
export const zonedTime = (at: number, timeZone: string): string =>
  dates({ month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', timeZone })(at)

/** `22:04`. */
export const timeOfMinute = dates({ hour: '2-digit', minute: '2-digit' })
