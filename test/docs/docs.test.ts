import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, test } from 'vitest'
import type { z } from 'zod'
import { ProblemError, problemResponse, problems } from '../../backbone/problem.ts'
import { checkoutSchema } from '../../backbone/records/checkout.ts'
import { correctionKinds, emptyToNull, fieldCorrections } from '../../backbone/records/correct-checkout.ts'
import { faultCodes } from '../../backbone/records/fault.ts'
import { followedUpKinds, kindRules, notifiedKinds } from '../../backbone/records/outcome.ts'
import { warningCodes } from '../../backbone/records/warning.ts'
import { comparisons } from '../../bench/compare/comparisons.ts'
import { formatNumber } from '../../bench/compare/format-result.ts'
import * as calendarEvents from '../../deploy/events/options.ts'
import * as mintKey from '../../deploy/keys/options.ts'
import * as messageCommands from '../../deploy/messages/options.ts'
import * as launcher from '../../deploy/options.ts'
import * as partitionCommand from '../../deploy/partitions/options.ts'
import * as recoveryPoint from '../../deploy/sites/options.ts'
import * as systemStatus from '../../deploy/status/options.ts'
import { gatewaySettings } from '../../gateway/config.ts'
import { describeApi } from '../../gateway/openapi/describe-api.ts'
import { metricTypes } from '../../loadgen/figures/metric-names.ts'
import * as load from '../../loadgen/options/options.ts'
import { OptionsError } from '../../loadgen/options/options-error.ts'
import { processorSettings } from '../../processor/config.ts'
import { builtInFiles } from '../../processor/testing/messages.ts'

import { faultNames } from '../faults/inject/fault-names.ts'
import { invariants } from '../faults/judge/violation.ts'
import * as faultInjection from '../faults/options.ts'
import { mutations } from '../faults/sabotage/mutations.ts'
import { knownMetrics } from '../known-metrics.ts'
import { boughtQuickly } from '../sample-checkouts.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const fileAt = (path: string) => readFileSync(`${root}${path}`, 'utf8')

const folders = ['docs/reference', 'docs/guides', 'docs/explanation', 'docs/measurements']
const docs = folders.flatMap((folder) =>
  readdirSync(`${root}${folder}`).map((name) => posix.join(folder, name)),
)
const pages = ['README.md', 'CONTRIBUTING.md', 'bench/README.md', 'CHANGELOG.md', ...docs]
const HEADING = /^(#+) (.*)$/

const withoutCode = (text: string) => text.replaceAll(/^ *```[^]*?^ *```$/gm, '')
const linksIn = (text: string) =>
  [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, link = '']) => link)
    .filter((link) => !/^https?:/.test(link))

/** The text below a heading, up to the next one. */
function section(page: string, title: string): string {
  const lines = fileAt(page).split('\n')
  const start = lines.findIndex((line) => HEADING.exec(line)?.[2] === title)
  expect(start, `heading "${title}" of ${page}`).toBeGreaterThan(-1)
  const rest = lines.slice(start + 1)
  const end = rest.findIndex((line) => HEADING.test(line))
  return rest.slice(0, end === -1 ? undefined : end).join('\n')
}

/** The cells of the table in a section, without its heading. */
function rows(page: string, title: string): string[][] {
  const table = section(page, title)
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .map((line) => line.slice(2, -2).split(' | '))
  return table.slice(2)
}

/** Says what a page lacks, without the page. */
const missingFrom = (page: string, text: string) => (fileAt(page).includes(text) ? [] : [`${page}: ${text}`])

const code = (text: unknown) => `\`${String(text)}\``

function defaultOf(setting: z.ZodType): string {
  const { success, data } = setting.safeParse(undefined)
  if (!success) return 'required'
  return data === undefined || (Array.isArray(data) && data.length === 0) ? 'none' : code(data)
}

test('performance.md has the targets of the benchmarks', () => {
  const aims = new Map(
    comparisons.map(({ name, ratios }) => [
      name,
      ratios.flatMap(({ better, target }) =>
        target === undefined ? '' : `${better === 'more' ? '≥' : '≤'}${formatNumber(target)}`,
      ),
    ]),
  )
  let name = ''
  const wrong = rows('docs/measurements/performance.md', 'Results').filter((cells) => {
    name = /^`(.+)`$/.exec(cells[0] ?? '')?.[1] ?? name
    const target = /^([≥≤][\d.]+)(?:: missed)?$/.exec(cells.at(-1) ?? '')?.[1] ?? ''
    return !aims.get(name)?.includes(target)
  })
  expect(wrong).toEqual([])
})

test('git ignores the files that the examples make', () => {
  const made = [
    ...pages
      .map(fileAt)
      .join('\n')
      .matchAll(/(?:cat > |--report |API_KEYS_FILE=)([\w-]+\.\w+)/g),
  ].map(([, file]) => file)
  expect(made).toEqual(expect.arrayContaining(['buy.json', 'batch.ndjson', 'cyberday.html', 'keys.json']))
  const ignored = fileAt('.gitignore').split('\n')
  expect(made.filter((file) => !ignored.includes(`/${file}`))).toEqual([])
})

test.each([
  ['Gateway', gatewaySettings],
  ['Processor', processorSettings],
])('the settings of the %s are those that it reads', (title, schema) => {
  const shape: Record<string, z.ZodType> = schema.shape
  const read = Object.entries(shape).map(([name, setting]) =>
    [code(name), defaultOf(setting), setting.description].join(' | '),
  )
  const documented = ['Both', title].flatMap((heading) =>
    rows('docs/reference/configuration.md', heading).map((cells) => cells.join(' | ')),
  )
  expect({
    missing: read.filter((row) => !documented.includes(row)),
    unknown: documented.filter((row) => !read.includes(row)),
  }).toEqual({ missing: [], unknown: [] })
  expect(documented).toHaveLength(read.length)
})

test('the errors are those that are answered, and each has an advice', async () => {
  const answers = Object.keys(problems).map(async (name) => {
    const response = problemResponse(new ProblemError(name as keyof typeof problems))
    return (await response.json()) as { type: string; status: number; title: string }
  })
  const documented = rows('docs/reference/errors.md', 'Errors')
  expect(documented.map((cells) => cells.slice(0, 3))).toEqual(
    (await Promise.all(answers)).map(({ type, status, title }) => [code(type), String(status), title]),
  )
  for (const [type, , , advice] of documented) expect(advice, type).toMatch(/.\.$/)
})

test('the routes of http-api.md are those of the API', () => {
  const table = section('docs/reference/http-api.md', 'HTTP API')
  const described = Object.entries(describeApi().paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => `${method.toUpperCase()} ${path}`),
  )
  expect(new Set([...table.matchAll(/`([A-Z]+ \/[^`]*)`/g)].map(([, route]) => route))).toEqual(
    new Set([...described, 'GET /', 'GET /docs', 'GET /openapi.json']),
  )
})

test('the codes of field faults are those that are used', () => {
  expect(rows('docs/reference/errors.md', 'Field faults')).toEqual(
    Object.entries(faultCodes).map(([name, meaning]) => [code(name), meaning]),
  )
})

test('the codes of warnings are those that are used', () => {
  expect(rows('docs/reference/errors.md', 'Warnings')).toEqual(
    Object.entries(warningCodes).map(([name, meaning]) => [code(name), meaning]),
  )
})

test('the corrections are those that are made', () => {
  expect(rows('docs/reference/errors.md', 'Corrections').map(([kind]) => kind)).toEqual(
    correctionKinds.map(code),
  )
})

test('the fields in which an empty text becomes null are those of the code', () => {
  const corrected = Object.entries<unknown>(fieldCorrections)
    .filter(([, steps]) => Array.isArray(steps) && steps.includes(emptyToNull))
    .map(([field]) => code(field))
  const [, documented] =
    rows('docs/reference/errors.md', 'Corrections').find(([kind]) => kind === '`empty to null`') ?? []
  expect(documented).toBe(corrected.join(', '))
})

test('the kinds of outcome are those of the code, with who is notified and what is followed up', () => {
  const page = 'docs/reference/domain.md'
  const documented = rows(page, 'Classification')
  expect(documented.map(([kind]) => kind)).toEqual(Object.keys(kindRules).map(code))
  const withMessage = documented.filter(([, , message = '']) => !message.startsWith('none'))
  expect(withMessage.map(([kind]) => kind)).toEqual(notifiedKinds.map(code))
  const followedUp = new Intl.ListFormat('en').format(followedUpKinds.map(code))
  expect([
    ...missingFrom(page, `Outcomes of the kinds ${followedUp} also go to`),
    ...missingFrom('docs/reference/http-api.md', '| `kind` | all kinds with a message |'),
    ...missingFrom('docs/explanation/privacy.md', 'kind=all&'),
  ]).toEqual([])
})

test('the fields of domain.md are those of a checkout, in canonical order', () => {
  const documented = rows('docs/reference/domain.md', 'Fields').flatMap(([names = '']) => names.split(', '))
  expect(documented).toEqual(Object.keys(checkoutSchema.shape).map(code))
})

test('the messages of domain.md are those that are sent', () => {
  const placeholders = { nombre: '{nombre}', productovisto: '{productovisto}', folio: '{folio}' }
  const { messages } = builtInFiles({ storeName: processorSettings.shape.STORE_NAME.parse(undefined) })
  const documented = [
    ...fileAt('docs/reference/domain.md').matchAll(/^`([\w-]+)`:\n\n```text\n([^]*?)\n```/gm),
  ].map(([, kind, message]) => [kind, message])
  expect(documented).toEqual(
    notifiedKinds.map((kind) => [kind, messages.messageFor(kind, { ...boughtQuickly, ...placeholders })]),
  )
})

test('the thresholds of domain.md are the defaults', () => {
  const { QUICK_MINUTES, LONGEST_PLAUSIBLE_MINUTES } = processorSettings.shape
  const missing = Object.entries({ QUICK_MINUTES, LONGEST_PLAUSIBLE_MINUTES }).flatMap(([name, setting]) =>
    missingFrom('docs/reference/domain.md', `${code(name)} (${setting.parse(undefined)})`),
  )
  expect(missing).toEqual([])
})

const flagsIn = (text: string) => [...text.matchAll(/^ {2}--([\w-]+)/gm)].map(([, flag = '']) => flag)

describe('flags', () => {
  test.each([
    ['npm start', launcher.help],
    ['npm run status', systemStatus.help],
    ['npm run event', calendarEvents.help],
    ['npm run mint-key', mintKey.help],
    ['npm run partitions', partitionCommand.help],
    ['npm run messages', messageCommands.help],
    ['npm run recovery-point', recoveryPoint.help],
    ['npm run load', load.help],
    ['npm run faults', faultInjection.help],
  ])('%s takes the flags of its help', (title, help) => {
    expect(section('docs/reference/cli.md', title)).toContain(`\`\`\`text\n${help.trim()}\n\`\`\``)
  })

  test.each(flagsIn(launcher.help))('npm start takes --%s', (flag) => {
    const parsed = launcher.parseOptions([`--${flag}`, '1'], {})
    const faults = parsed.kind === 'faults' ? parsed.faults : []
    expect(faults.filter((fault) => fault.includes('is unknown'))).toEqual([])
  })

  test.each(flagsIn(load.help))('npm run load takes --%s', async (flag) => {
    let faults: string[] = []
    try {
      await load.readOptions([`--${flag}`])
    } catch (error) {
      if (!(error instanceof OptionsError)) throw error
      faults = error.faults
    }
    expect(faults.filter((fault) => fault.includes('is unknown'))).toEqual([])
  })
})

test('the load that load-testing.md shows is one', async () => {
  const [, example = ''] = /```ts\n([^]*?)```/.exec(fileAt('docs/guides/load-testing.md')) ?? []
  const path = join(mkdtempSync(join(tmpdir(), 'load-example-')), 'my-load.ts')
  writeFileSync(path, example.replace('../define-load.ts', `${root}loadgen/define-load.ts`))
  expect(await load.readOptions([path])).toMatchObject({ kind: 'load', options: { name: 'my-load' } })
})

test('the metrics that load-testing.md names are those that there are', () => {
  const [, table = ''] = /## Metrics\n([^]*?)\n## /.exec(fileAt('docs/guides/load-testing.md')) ?? []
  const named = [...table.matchAll(/^\| (.*?) \| (\w+) \|/gm)].flatMap(([, names = '', type = '']) =>
    [...names.matchAll(/`(\w+)`/g)].map(([, name = '']) => [name, type]),
  )
  expect(Object.fromEntries(named)).toEqual(metricTypes)
})

test.each(['gateway', 'processor'] as const)(
  'the metrics of a %s in metrics.md are those that there are',
  async (role) => {
    const documented = rows('docs/reference/metrics.md', 'Metrics').flatMap(([name, whose]) =>
      whose === role || whose === 'both' ? name : [],
    )
    expect(new Set(documented)).toEqual(new Set([...(await knownMetrics[role]())].map(code)))
  },
)

test('the faults, invariants and mutations that fault-testing.md names are those that there are', () => {
  const page = fileAt('docs/guides/fault-testing.md')
  const rowsBelow = (heading: string) => {
    const [, text = ''] = new RegExp(`## ${heading}\\n([^]*?)(\\n## |$)`).exec(page) ?? []
    return [...text.matchAll(/^\| (`.*?) \|.*?(?:\| `([\w-]+)` )?\|$/gm)]
  }
  const names = (heading: string) =>
    rowsBelow(heading).flatMap(([, cell = '']) => [...cell.matchAll(/`([\w-]+)`/g)].map(([, name]) => name))
  expect(new Set(names('Faults'))).toEqual(new Set(faultNames))
  expect(new Set(names('What is judged'))).toEqual(new Set(invariants))
  expect(
    rowsBelow('Can it fail\\?').map(([, name = '', caughtBy]) => [name.replaceAll('`', ''), caughtBy]),
  ).toEqual(Object.entries(mutations).map(([name, { breaks }]) => [name, breaks]))
})

test('every page of docs is reached from the README', () => {
  const reached = new Set(['README.md'])
  for (const page of reached) {
    for (const link of page.endsWith('.md') ? linksIn(fileAt(page)) : []) {
      const target = targetOf(page, link)
      if (target.startsWith('docs/')) reached.add(target)
    }
  }
  expect(docs.filter((page) => !reached.has(page))).toEqual([])
})

test('the README has at most 130 lines', () => {
  expect(fileAt('README.md').trimEnd().split('\n').length).toBeLessThanOrEqual(130)
})

test.each(['README.md', 'CONTRIBUTING.md', 'bench/README.md', ...docs])(
  '%s has no line of more than 120 characters',
  (page) => {
    const long = withoutCode(fileAt(page))
      .split('\n')
      .filter((line) => line.length > 120 && !line.startsWith('|'))
    expect(long).toEqual([])
  },
)

describe.each(pages)('%s', (page) => {
  const text = fileAt(page)

  test('names only npm scripts that exist', () => {
    const { scripts } = JSON.parse(fileAt('package.json'))
    const named = [...text.matchAll(/\bnpm (?:run ([\w:-]+)|(start|test))\b/g)].map(
      ([, run, short]) => run ?? short,
    )
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(named))
  })

  test('links only to files and headings that exist', () => {
    expect(linksIn(text).filter((link) => !leadsSomewhere(page, link))).toEqual([])
  })

  test('names only source files that exist', () => {
    const paths = /`((?:backbone|gateway|processor|loadgen|deploy|test)\/[\w./-]+\.\w+)`/g
    const named = [...text.matchAll(paths)].map(([, path = '']) => path)
    expect(named.filter((path) => !existsSync(`${root}${path}`))).toEqual([])
  })
})

function leadsSomewhere(page: string, link: string): boolean {
  const [, anchor] = link.split('#')
  const target = targetOf(page, link)
  if (!existsSync(`${root}${target}`)) return false
  return anchor === undefined || anchorsOf(fileAt(target)).includes(anchor)
}

function targetOf(page: string, link: string): string {
  const [path = ''] = link.split('#')
  return path === '' ? page : posix.join(posix.dirname(page), path)
}

/** As GitHub generates them from headings. */
function anchorsOf(text: string): string[] {
  return withoutCode(text)
    .split('\n')
    .map((line) => HEADING.exec(line)?.[2])
    .filter((title) => title !== undefined)
    .map((title) =>
      title
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s-]/gu, '')
        .replaceAll(' ', '-'),
    )
}
