import type { SlowCause, StageOfAll } from '../../backbone/insights/slow-purchases.ts'
import { type Facts, minutesIn, partsOf, sentenceCase } from './facts.ts'
import type { StoreTime } from './store-time.ts'
import type { Sentences } from './write-paragraph.ts'

const stageNames: ReadonlyMap<string, string> = new Map([
  ['catalogo', 'the catalogue'],
  ['carro', 'the cart'],
  ['direccion', 'the address'],
  ['pago', 'payment'],
  ['confirmacion', 'confirmation'],
])
const whole = new Intl.NumberFormat('en')
const times = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 })
const minutes = minutesIn('en')

export const english: Sentences = {
  summary,
  tooFew: 'That is too few to say why.',
  noCause: 'No cause stands out.',
  cause: aboutCause,
  stage: (stage) => `${sentenceCase(took(stage))}.`,
  stageOfCause: (stage) => `${sentenceCase(took(stage))} there.`,
  mayBeUsual: 'Whether that is usual is not known yet.',
  sample: ({ read, of }) =>
    `These are figures of a random sample: ${whole.format(read)} of ${whole.format(of)}.`,
}

function summary({ purchases, before, since, until }: Facts, time: StoreTime): string {
  const { of, slow, share } = purchases
  const period = `from ${moment(since, until, time)} to ${moment(until, since, time)}`
  if (of === 0) return `No purchases ${period}.`
  if (slow === 0) return `None of ${plural(of, 'purchase')} ${period} was slow.`
  const usually = before ? `, ${percent.format(before.share)} before` : ''
  const were = slow === 1 ? 'was' : 'were'
  return `${whole.format(slow)} of ${plural(of, 'purchase')} ${period} ${were} slow (${percent.format(share)}${usually}).`
}

function aboutCause(cause: SlowCause, { until }: Facts, time: StoreTime): string {
  const { background, arisen } = partsOf(cause)
  const where = background ? place(background) : `with ${trait(arisen)}`
  const ends = cause.until && moment(cause.until, until, time)
  const from = cause.since && moment(cause.since, until, time)
  const when = from ? (ends ? ` from ${from} to ${ends}` : ` since ${from}`) : ''
  const tense = ends ? 'were' : from ? 'have been' : 'were'
  const lift = cause.lift
    ? `${tense} slow ${times.format(cause.lift.ratio)} times as often as others${when}`
    : `${tense} slow${when}, and no others`
  const slowOnes = plural(cause.among.slow, 'slow one')
  const part = arisen ? `: ${whole.format(cause.during.slow)} of ${slowOnes} ${had(arisen)}` : ''
  return `Purchases ${where} ${lift}${part}.`
}

const stageName = (stage: string) => stageNames.get(stage) ?? `the stage “${stage}”`
const took = ({ stage, minutes: part, ofMinutes }: StageOfAll) =>
  `${stageName(stage)} took ${minutes(part)} of ${minutes(ofMinutes)} ${minutes(ofMinutes) === '1' ? 'minute' : 'minutes'}`

const trait = (arisen: { factor: string; value: string } | undefined) =>
  arisen?.factor === 'error' ? `error ${arisen.value}` : `most time in ${stageName(arisen?.value ?? '')}`

const had = ({ factor, value }: { factor: string; value: string }) =>
  factor === 'error' ? `had error ${value}` : `spent most time in ${stageName(value)}`

function place({ factor, value }: { factor: string; value: string }): string {
  if (factor === 'city') return `in ${value}`
  return factor === 'hour' ? `between ${value}:00 and ${value}:59` : `of “${value}”`
}

function moment(at: string, reference: string, time: StoreTime): string {
  const [then, now] = [Date.parse(at), Date.parse(reference)]
  if (time.dayOf(then) === time.dayOf(now)) return time.clock(then)
  const date = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' })
  return `${date.format(time.local(then))} ${time.clock(then)}`
}

const plural = (number: number, noun: string) => `${whole.format(number)} ${noun}${number === 1 ? '' : 's'}`
