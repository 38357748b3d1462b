import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { inProject } from '../program.ts'
import { awkwardCases } from './awkward-cases.ts'
import { documentedDifferences } from './documented-differences.ts'

const read = (path: string) => readFileSync(inProject(path), 'utf8')
const page = read('docs/explanation/spark.md')

test('docs/explanation/spark.md has each difference in its table, with who is right, and a section on it', () => {
  const rows = [...page.matchAll(/^\| \[(.+?)\]\(#.+?\) \| (\w+) \|/gm)]
  expect(rows.map(([, title, right]) => `${title}: ${right}`)).toEqual(
    documentedDifferences.map(({ title, right }) => `${title}: ${right}`),
  )
  const headings = new Set([...page.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading))
  expect(documentedDifferences.filter(({ title }) => !headings.has(title))).toEqual([])
})

test('each documented difference is one of a case', () => {
  const names = new Set(awkwardCases.flatMap(({ name, again }) => [name, ...(again ? [again.name] : [])]))
  const documented = documentedDifferences.flatMap(({ cases }) => Object.keys(cases))
  expect(documented.filter((name) => !names.has(name))).toEqual([])
})

test('the page says how many awkward cases there are', () => {
  expect(page).toContain(`each of ${awkwardCases.length} awkward cases`)
})

test('the requirements of Python and the connector have the same version of Spark', () => {
  const version = /^pyspark==(.+)$/m.exec(read('deploy/spark/requirements.txt'))?.[1]
  expect(read('deploy/spark/pom.xml')).toContain(`<spark.version>${version}</spark.version>`)
})

test.each(['QUICK', 'SLOW'])('the %s message of the Spark job is in docs/reference/domain.md', (kind) => {
  const texts = pythonTexts(read('deploy/spark/select_notifications.py'))
  const { GREETING, PURCHASE, STORE, CLOSING } = texts
  const start = `${GREETING}{nombre}${PURCHASE}{productovisto}${STORE}{folio}, `
  expect(read('docs/reference/domain.md')).toContain(`\n${start}${texts[kind]}${CLOSING}\n`)
})

/** The texts that are assigned to names in capitals; adjacent literals in brackets are one. */
function pythonTexts(source: string): Record<string, string> {
  const assigned = source.matchAll(/^([A-Z_]+) = (?:\(([^)]*)\)|(f?".*"))$/gm)
  const texts = Object.fromEntries(
    [...assigned].map(([, name, several, single]) => {
      const literals = (several ?? single ?? '').matchAll(/f?("(?:[^"\\]|\\.)*")/g)
      return [name, [...literals].map(([, literal]) => JSON.parse(literal ?? '""') as string).join('')]
    }),
  ) as Record<string, string>
  const store = texts['STORE_NAME'] ?? ''
  return Object.fromEntries(
    Object.entries(texts).map(([name, text]) => [name, text.replaceAll('{STORE_NAME}', store)]),
  )
}
