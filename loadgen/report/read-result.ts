import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import type { RunResult } from '../run-result.ts'
import { fileErrorReason } from '../shoppers/file-error.ts'

/** The file is not the summary of a run. */
export class ResultFileError extends Error {
  override readonly name = 'ResultFileError'
}

const slices = z.array(z.looseObject({ name: z.string() }))

// Only recognises such a file; its figures are used as written.
const resultSchema = z.looseObject({
  metrics: z.record(z.string(), z.looseObject({})),
  load: z.looseObject({
    name: z.string(),
    target: z.string(),
    seed: z.number(),
    startedAt: z.string(),
    seconds: z.number(),
    stages: slices,
    scenarios: slices,
    rateChanges: z.array(z.looseObject({})),
    outcomes: z.looseObject({ lost: z.number(), duplicated: z.number() }).optional(),
  }),
})

/** Reads a file of `--summary-export`. Rejects with a ResultFileError, which has one line. */
export async function readResult(path: string): Promise<RunResult> {
  const value = parse(path, await read(path))
  if (isOfK6(value)) {
    throw new ResultFileError(
      `${path} is a k6 summary: it lacks "load", which only summaries of npm run load have`,
    )
  }
  const { error } = resultSchema.safeParse(value)
  if (error) throw new ResultFileError(`${path} is not a summary of a run: ${faultOf(error)}`)
  return value as RunResult
}

async function read(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new ResultFileError(`cannot read ${path}: ${fileErrorReason(error as Error)}`, { cause: error })
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new ResultFileError(`${path} is not JSON`, { cause: error })
  }
}

const isOfK6 = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && 'metrics' in value && !('load' in value)

function faultOf({ issues: [issue] }: z.ZodError): string {
  if (!issue || issue.path.length === 0) return 'it is not an object'
  return `${issue.path.join('.')} is missing or of another type`
}
