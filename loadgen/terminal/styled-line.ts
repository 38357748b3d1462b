import { styleText } from 'node:util'

export type Style = Parameters<typeof styleText>[0]

/** Styled only when it is written: until then its length is its width. */
export interface Part {
  text: string
  style?: Style | undefined
}

/** External text must not move the cursor or begin a new line. */
export function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ')
}

export function widthOf(parts: Part[]): number {
  return parts.reduce((sum, { text }) => sum + text.length, 0)
}

/** Cut to the columns. Always coloured, for any terminal. */
export function styledLine(parts: Part[], columns: number): string {
  return cut(parts, columns)
    .map(({ text, style }) =>
      style ? styleText(style, oneLine(text), { validateStream: false }) : oneLine(text),
    )
    .join('')
}

function cut(parts: Part[], columns: number): Part[] {
  if (widthOf(parts) <= columns) return parts
  const kept: Part[] = []
  let room = columns - 1
  for (const { text, style } of parts) {
    const fitting = text.slice(0, Math.max(room, 0))
    kept.push({ text: fitting.toWellFormed(), style })
    room -= fitting.length
  }
  return [...kept, { text: '…' }]
}
