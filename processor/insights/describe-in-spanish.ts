import type { SlowCause, StageOfAll } from '../../backbone/insights/slow-purchases.ts'
import { type Facts, minutesIn, partsOf, sentenceCase } from './facts.ts'
import type { StoreTime } from './store-time.ts'
import type { Sentences } from './write-paragraph.ts'

const stageNames: ReadonlyMap<string, string> = new Map([
  ['catalogo', 'el catálogo'],
  ['carro', 'el carro'],
  ['direccion', 'la dirección'],
  ['pago', 'el pago'],
  ['confirmacion', 'la confirmación'],
])
const whole = new Intl.NumberFormat('es-CL', { useGrouping: 'always' })
const times = new Intl.NumberFormat('es-CL', { minimumFractionDigits: 1, maximumFractionDigits: 1 })
const percent = new Intl.NumberFormat('es-CL', { style: 'percent', maximumFractionDigits: 1 })
const minutes = minutesIn('es-CL')

export const spanish: Sentences = {
  summary,
  tooFew: 'Son muy pocas para decir por qué.',
  noCause: 'No se destaca ninguna causa.',
  cause: aboutCause,
  stage: (stage) => `${sentenceCase(took(stage))}.`,
  stageOfCause: (stage) => `Allí, ${took(stage)}.`,
  mayBeUsual: 'Todavía no se sabe si eso es habitual.',
  sample: ({ read, of }) =>
    `Son cifras de una muestra al azar: ${whole.format(read)} de ${whole.format(of)}.`,
}

function summary({ purchases, before, since, until }: Facts, time: StoreTime): string {
  const { of, slow, share } = purchases
  const period = `${from(since, until, time)} ${to(until, since, time)}`
  if (of === 0) return `No hubo compras ${period}.`
  const all = of === 1 ? 'compra' : 'compras'
  if (slow === 0) return `${sentenceCase(period)}, ninguna de ${whole.format(of)} ${all} fue lenta.`
  const usually = before ? `; antes, ${percent.format(before.share)}` : ''
  const were = slow === 1 ? 'fue lenta' : 'fueron lentas'
  return `${sentenceCase(period)}, ${whole.format(slow)} de ${whole.format(of)} ${all} ${were} (${percent.format(share)}${usually}).`
}

function aboutCause(cause: SlowCause, { until }: Facts, time: StoreTime): string {
  const { background, arisen } = partsOf(cause)
  const where = background ? place(background) : `con ${trait(arisen)}`
  const begins = cause.since && from(cause.since, until, time)
  const ends = cause.until && to(cause.until, until, time)
  const when = begins ? `${sentenceCase(begins)}${ends ? ` ${ends}` : ''}, las` : 'Las'
  const are = begins && !ends ? 'son' : 'fueron'
  const lift = cause.lift
    ? `${are} lentas con ${times.format(cause.lift.ratio)} veces la frecuencia de las demás`
    : `${are} lentas, y ninguna otra`
  const slowOnes = cause.among.slow === 1 ? 'la única lenta' : `las ${whole.format(cause.among.slow)} lentas`
  const part = arisen
    ? `: ${whole.format(cause.during.slow)} de ${slowOnes} ${had(arisen, cause.during.slow)}`
    : ''
  return `${when} compras ${where} ${lift}${part}.`
}

const stageName = (stage: string) => stageNames.get(stage) ?? `la etapa «${stage}»`
const took = ({ stage, minutes: part, ofMinutes }: StageOfAll) =>
  `${stageName(stage)} tomó ${minutes(part)} de ${minutes(ofMinutes)} ${minutes(ofMinutes) === '1' ? 'minuto' : 'minutos'}`

const trait = (arisen: { factor: string; value: string } | undefined) =>
  arisen?.factor === 'error'
    ? `el error ${arisen.value}`
    : `la mayor parte del tiempo en ${stageName(arisen?.value ?? '')}`

function had({ factor, value }: { factor: string; value: string }, number: number): string {
  if (factor === 'error') return `${number === 1 ? 'tuvo' : 'tuvieron'} el error ${value}`
  return `${number === 1 ? 'pasó' : 'pasaron'} la mayor parte del tiempo en ${stageName(value)}`
}

function place({ factor, value }: { factor: string; value: string }): string {
  if (factor === 'city') return `en ${value}`
  return factor === 'hour' ? `entre las ${value}:00 y las ${value}:59` : `de «${value}»`
}

/** `desde las 21:10`, `desde la 1:05`, `desde el 29 de noviembre a las 21:10`. */
const from = (at: string, reference: string, time: StoreTime) => `desde ${moment(at, reference, time)}`
const to = (at: string, reference: string, time: StoreTime) => `hasta ${moment(at, reference, time)}`

function moment(at: string, reference: string, time: StoreTime): string {
  const [then, now] = [Date.parse(at), Date.parse(reference)]
  const clock = `${time.hourOf(then) === 1 ? 'la' : 'las'} ${time.clock(then)}`
  if (time.dayOf(then) === time.dayOf(now)) return clock
  const date = new Intl.DateTimeFormat('es-CL', { day: 'numeric', month: 'long', timeZone: 'UTC' })
  return `el ${date.format(time.local(then))} a ${clock}`
}
