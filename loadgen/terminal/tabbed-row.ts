import { type Part, widthOf } from './styled-line.ts'

const LABEL_WIDTH = 11
const STOPS = 4
const NARROWEST_STOP = 12
const WIDEST_STOP = 20

/** Start columns of the cells: a growing number does not move the cells after it. */
export function tabStops(columns: number) {
  const fitting = Math.floor((columns - LABEL_WIDTH) / STOPS)
  const stop = Math.min(Math.max(fitting, NARROWEST_STOP), WIDEST_STOP)
  return { start: LABEL_WIDTH, stop, end: Math.min(LABEL_WIDTH + STOPS * stop, columns) }
}

export function labelled(label: string, parts: Part[]): Part[] {
  return [{ text: label.padEnd(LABEL_WIDTH), style: 'dim' }, ...parts]
}

/** Cells at tab stops behind a label; those that do not fit go below. */
export function tabbedRow(label: string, cells: Part[][], columns: number): Part[][] {
  const { start, stop } = tabStops(columns)
  let line = labelled(label, [])
  const lines = [line]
  let stopAt = start
  for (const cell of cells) {
    if (stopAt > start && stopAt + widthOf(cell) > columns) {
      line = labelled('', [])
      lines.push(line)
      stopAt = start
    }
    line.push({ text: ' '.repeat(stopAt - widthOf(line)) }, ...cell)
    stopAt = start + Math.ceil((widthOf(line) + 1 - start) / stop) * stop
  }
  return lines
}
