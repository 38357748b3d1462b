export type Cell = string | number | null

// Where a spreadsheet may see the start of a formula (OWASP, CSV injection): at the beginning of a cell, after
// spaces, and after a character that begins another cell or row if the file is opened with another separator.
// The last four characters are full-width forms, which some spreadsheets treat alike.
const FORMULA = /(^|[;\t\r\n])(?=[^\S\t\r\n]*[=+\-@＝＋－＠])/g
const LEADING_BREAK = /^(?=[\t\r\n])/

/**
 * One record of a CSV file (RFC 4180). Text is always quoted. Text that a spreadsheet would run as a formula
 * gets an apostrophe, which makes it text.
 */
export const csvRow = (cells: readonly Cell[]): string => `${cells.map(encode).join(',')}\r\n`

function encode(cell: Cell): string {
  if (cell === null) return ''
  if (typeof cell === 'number') return String(cell)
  return `"${asText(cell).replaceAll('"', '""')}"`
}

const asText = (text: string): string => text.replace(FORMULA, "$1'").replace(LEADING_BREAK, "'")
