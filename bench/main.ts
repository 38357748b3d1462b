import { writeFileSync } from 'node:fs'
import { cpus } from 'node:os'
import { avoidIdleTimers } from '../backbone/kafka/idle-timers.ts'
import { endChildrenWithThisProcess } from './children.ts'
import { TARGET_BUILD } from './compare/against-build.ts'
import { comparisons } from './compare/comparisons.ts'
import { formatResult } from './compare/format-result.ts'
import { measureComparison, type Result } from './compare/measure-comparison.ts'
import { formatPage } from './compare/result-page.ts'
import { openSite } from './compare/site.ts'
import { commit, file, ownFlags, someOf, wholeNumber } from './flags.ts'
import { pin, whoHasWhichCores } from './pin.ts'
import { loadProgram, MissingProgramError } from './tools/unique-load.ts'

avoidIdleTimers()

const { only, rounds, seconds, records, build, json, page } = ownFlags(
  'npm run bench',
  'Measures gateways and processors, each in alternating pairs with its baseline.',
  {
    only: someOf(
      'only these',
      comparisons.map(({ name }) => name),
    ),
    rounds: wholeNumber('pairs of each', 5),
    seconds: wholeNumber('seconds of each load, after 3 s to warm up', 8),
    records: wholeNumber('records to drain', 1_000_000),
    build: commit(`baseline of against-build, which has targets for this one only (${TARGET_BUILD})`),
    json: file('also writes all results to a JSON file'),
    page: file('writes a page with plots to an HTML file'),
  },
)

// Started processes inherit it; the measured process gets the other core.
pin(process.pid, 'rest')
const machine = {
  date: new Date().toISOString().slice(0, 10),
  processor: `${cpus().length} × ${cpus()[0]?.model.trim()}`,
  cores: whoHasWhichCores(),
  load: loadProgram,
  bun: Bun.version,
  rounds,
  seconds,
}
console.log(
  `${Object.entries(machine)
    .map(([name, value]) => `${name}: ${value}`)
    .join('\n')}\n`,
)

const log = (line: string) => console.error(line)
const site = openSite({ seconds, records, build, log })
endChildrenWithThisProcess(site.end)
const results: Result[] = []
const failed: string[] = []
const skipped: string[] = []
try {
  for (const comparison of comparisons.filter(({ name }) => only.includes(name))) {
    try {
      const result = await measureComparison(comparison, site, rounds, log)
      results.push(result)
      console.log(`${formatResult(result)}\n`)
    } catch (error) {
      if (error instanceof MissingProgramError) {
        skipped.push(comparison.name)
        console.log(`${comparison.name}: skipped: ${error.message}\n`)
      } else {
        failed.push(comparison.name)
        console.log(`${comparison.name}: failed: ${String(error)}\n`)
      }
    }
  }
} finally {
  await site.end()
}
if (json !== undefined) writeFileSync(json, `${JSON.stringify({ machine, results }, null, 2)}\n`)
if (page !== undefined) writeFileSync(page, formatPage({ machine, results }))
const missed = results.flatMap(({ name, ratios }) =>
  ratios.flatMap(({ title, passed }) => (passed === false ? `${name}: ${title}` : [])),
)
const faults = Object.entries({ failed, skipped, missed }).flatMap(([what, names]) =>
  names.length === 0 ? [] : `${what}: ${names.join('; ')}`,
)
console.log(faults.length === 0 ? 'all targets passed' : faults.join('\n'))
process.exit(failed.length === 0 ? 0 : 1)
