import type { Stage } from '../../../../backbone/records/checkout.ts'
import { el } from '../../../pages/browser/dom.ts'
import { barCell } from '../elements/bar.ts'
import { createTable } from '../elements/table.ts'
import { duration, UNKNOWN } from '../format.ts'
import { texts } from '../texts.ts'

const { stages: text } = texts.checkout

interface StageRow {
  stage: Stage
  number: number
  mostSeconds: number
}

/** Undefined unless it is a path: a faulty one is stored as it was sent. */
export const stagesOf = (recorrido: unknown): Stage[] | undefined =>
  Array.isArray(recorrido) && recorrido.length > 0 && recorrido.every(isStage) ? recorrido : undefined

const isStage = (value: unknown): value is Stage => {
  const { etapa, segundos } = (value ?? {}) as Partial<Stage>
  return typeof etapa === 'string' && typeof segundos === 'number'
}

/** The path of the customer through the shop, with the slowest stage marked. */
export function createStageList(stages: readonly Stage[]): HTMLElement {
  const mostSeconds = Math.max(...stages.map(({ segundos }) => segundos))
  const table = createTable<StageRow>({
    caption: text.caption,
    empty: UNKNOWN,
    key: ({ number }) => String(number),
    columns: [
      { header: text.stage, isRowHeader: true, isName: true, cell: nameOf },
      { header: text.time, isWide: true, cell: timeOf },
      ...(stages.some(({ error }) => error) ? [{ header: text.error, cell: errorOf }] : []),
    ],
  })
  table.update(stages.map((stage, number) => ({ stage, number, mostSeconds })))
  return table.element
}

function nameOf({ stage, mostSeconds }: StageRow): string | Node {
  if (stage.segundos < mostSeconds || mostSeconds === 0) return stage.etapa
  return el('span', {}, stage.etapa, el('span', { class: 'slowest-stage muted' }, text.slowest))
}

const timeOf = ({ stage: { segundos }, mostSeconds }: StageRow): Node =>
  barCell(duration(segundos), mostSeconds > 0 ? segundos / mostSeconds : 0)

const errorOf = ({ stage: { error } }: StageRow): string | Node =>
  error ? el('span', { class: 'bad' }, error) : UNKNOWN
