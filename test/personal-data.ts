import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

// Addresses, names of fields with customer data, and the beginning of every message.
const PERSONAL = /[\w.+-]+@[\w-]+\.[a-z]{2,}|nombre|apellido|telefono|ubicacion|direccion|Estimad@/i

const MOST_SHOWN = 200

/** Log lines that may contain customer data; shortened. */
export const personalLines = (log: string): string[] =>
  log
    .split('\n')
    .filter((line) => PERSONAL.test(line))
    .map((line) => line.slice(0, MOST_SHOWN))

/** From all logs in a folder of the product's processes. */
export function personalLinesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => /\.(log|out)(\.\d+)?$/.test(name))
    .flatMap((name) =>
      personalLines(readFileSync(join(folder, name), 'utf8')).map((line) => `${name}: ${line}`),
    )
}
