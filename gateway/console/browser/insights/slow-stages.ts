import type { SlowPurchases } from '../../../../backbone/insights/slow-purchases.ts'
import { el } from '../../../pages/browser/dom.ts'
import { barCell } from '../elements/bar.ts'
import { createTable } from '../elements/table.ts'
import { oneDecimal, share } from '../format.ts'
import { texts } from '../texts.ts'

const { insights: text } = texts

interface StageRow {
  stage: SlowPurchases['stages'][number]
  /** Of all stages, slow or quick: the bars have one scale. */
  mostMinutes: number
}

/** Where the time goes: slow purchases beside quick ones. */
export function createStageTable() {
  const table = createTable<StageRow>({
    caption: text.stages.caption,
    empty: text.stages.none,
    key: ({ stage }) => stage.stage,
    columns: [
      { header: text.stages.stage, isRowHeader: true, isName: true, cell: ({ stage }) => stage.stage },
      {
        header: text.stages.slow,
        isName: true,
        cell: ({ stage, mostMinutes }) => minutesCell(stage.slowMinutes, mostMinutes),
      },
      {
        header: text.stages.quick,
        isName: true,
        cell: ({ stage, mostMinutes }) => minutesCell(stage.quickMinutes, mostMinutes),
      },
      { header: text.stages.excess, isNumber: true, cell: ({ stage }) => share(stage.shareOfExcess) },
    ],
  })

  function show(stages: SlowPurchases['stages']): void {
    const mostMinutes = Math.max(
      ...stages.flatMap(({ slowMinutes, quickMinutes }) => [slowMinutes, quickMinutes]),
    )
    table.update(stages.map((stage) => ({ stage, mostMinutes })))
  }

  return { element: el('section', { class: 'panel' }, table.element), show }
}

const minutesCell = (minutes: number, most: number): HTMLElement =>
  barCell(text.minutes(oneDecimal(minutes)), most > 0 ? minutes / most : 0)
