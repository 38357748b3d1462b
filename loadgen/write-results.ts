import { writeFile } from 'node:fs/promises'
import type { LoadOptions } from './options/load-options.ts'
import { formatHtmlReport } from './report/report-html.ts'
import type { RunResult } from './run-result.ts'
import { fileErrorReason } from './shoppers/file-error.ts'

type Paths = Pick<LoadOptions, 'summaryExport' | 'report'>

/** Writes the requested files, each independently of the other. Returns the errors, one per line. */
export async function writeResults(result: RunResult, { summaryExport, report }: Paths): Promise<string[]> {
  return [
    ...(await write(summaryExport, () => `${JSON.stringify(result, undefined, 2)}\n`)),
    ...(await write(report, () => formatHtmlReport(result))),
  ]
}

async function write(path: string | undefined, format: () => string): Promise<string[]> {
  if (path === undefined) return []
  const text = format()
  try {
    await writeFile(path, text)
    return []
  } catch (error) {
    return [`cannot write ${path}: ${fileErrorReason(error as Error)}`]
  }
}
