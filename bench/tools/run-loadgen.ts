import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import type { z } from 'zod'
import { runToEnd } from '../children.ts'
import { program } from '../program.ts'
import { scratchFile } from '../scratch.ts'

/** Runs the load generator to its end, and parses its summary. Several may run at once. */
export async function runLoadgen<Summary>(
  args: string[],
  withinMs: number,
  schema: z.ZodType<Summary>,
): Promise<{ summary: Summary; cpuMs: number }> {
  const file = scratchFile(`summary-${randomUUID()}.json`)
  const own = ['--quiet', '--summary-export', file]
  const { cpuMs } = await runToEnd([...program('loadgen/main.ts'), ...args, ...own], withinMs)
  return { summary: schema.parse(JSON.parse(await readFile(file, 'utf8'))), cpuMs }
}
