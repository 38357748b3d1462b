import { z } from 'zod'
import { ALL_KINDS } from '../../backbone/http/kind-list.ts'
import { nearestName } from '../../backbone/nearest-name.ts'
import { mistakenFor } from '../../backbone/records/mistaken-kind.ts'
import { isBaseKind, kindSchema } from '../../backbone/records/outcome.ts'
import type { PurchaseKind } from '../classify/classify.ts'
import { type JsonPath, type LocatedJson, parseLocated } from './located-json.ts'
import type { LineFault } from './parse-template.ts'

/** The content of `rules.json`. */
export interface Rules {
  defaultLanguage: string
  /** By folded `ubicacion.pais`: see {@link foldedCountry}. */
  languageByCountry: ReadonlyMap<string, string>
  /** From the shortest purchases to the longest. */
  kinds: readonly PurchaseKind[]
}

export const languagesOf = ({ defaultLanguage, languageByCountry }: Rules): string[] =>
  [...new Set([defaultLanguage, ...languageByCountry.values()])].toSorted()

const MOST_KINDS = 16
const MOST_COUNTRIES = 300

const LANGUAGE = 'must be a language as in BCP 47, such as es or es-CL'
const language = z.string(LANGUAGE).refine(isLanguage, LANGUAGE)
const minutes = z
  .number('must be a number of minutes above 0')
  .positive('must be a number of minutes above 0')

const entrySchema = z.strictObject(
  {
    kind: kindSchema,
    untilMinutes: minutes.optional(),
    followUp: z.boolean('must be true or false').default(false),
  },
  'must be an object such as {"kind": "express", "untilMinutes": 5}',
)
const rulesSchema = z.strictObject(
  {
    defaultLanguage: language,
    languageByCountry: z
      .record(z.string(), language, 'must be an object such as {"Brasil": "pt"}')
      .refine((countries) => Object.keys(countries).length <= MOST_COUNTRIES, {
        error: `must have at most ${MOST_COUNTRIES} countries`,
      })
      .default({}),
    kinds: z
      .array(entrySchema, 'must be a list of kinds')
      .max(MOST_KINDS, `must have at most ${MOST_KINDS} kinds`),
  },
  'must be an object with defaultLanguage and kinds',
)
type Entry = z.output<typeof entrySchema>
interface Fault {
  path: JsonPath
  detail: string
}

/** Of two spellings of a country that look the same, either is found. */
export const foldedCountry = (country: string): string =>
  country.trim().toWellFormed().normalize('NFC').toLowerCase()

/**
 * Reads `rules.json`. `quickMinutes` is the limit of a kind `quick` without one. Returns all faults; without `rules` if
 * they have no valid form.
 */
export function parseRules(text: string, quickMinutes: number): { rules?: Rules; faults: LineFault[] } {
  const located = parseLocated(text)
  const { value, faults: ofText, lineOf } = located
  if (value === undefined) return { faults: ofText }
  const parsed = rulesSchema.safeParse(value)
  if (!parsed.success)
    return { faults: [...ofText, ...parsed.error.issues.flatMap((issue) => explain(issue, located))] }
  const { defaultLanguage, languageByCountry, kinds: entries } = parsed.data
  const faults = [
    ...findCountryFaults(languageByCountry),
    ...findNameFaults(entries),
    ...findLimitFaults(entries, quickMinutes),
  ]
  const kinds = entries.map(({ kind, untilMinutes, followUp }, index) => ({
    kind,
    untilMinutes: index === entries.length - 1 ? Number.POSITIVE_INFINITY : (untilMinutes ?? quickMinutes),
    isFollowedUp: followUp,
  }))
  return {
    rules: {
      defaultLanguage,
      languageByCountry: new Map(
        Object.entries(languageByCountry).map(([country, its]) => [foldedCountry(country), its]),
      ),
      kinds,
    },
    faults: [
      ...ofText,
      ...faults.map(({ path, detail }) => ({ line: lineOf(path), detail: `${nameOf(path)} ${detail}` })),
    ],
  }
}

function explain(issue: z.core.$ZodIssue, { has, lineOf }: LocatedJson): LineFault[] {
  const path = issue.path as JsonPath
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys((path.length === 0 ? rulesSchema : entrySchema).shape)
    return issue.keys.map((key) => {
      const meant = nearestName(key, known)
      const advice = meant === undefined ? `remove it, or use ${known.join(', ')}` : `did you mean ${meant}?`
      return { line: lineOf(path, key), detail: `${nameOf([...path, key])} is unknown; ${advice}` }
    })
  }
  const advice = has(path) ? issue.message : `is missing: it ${issue.message}`
  return [{ line: lineOf(path), detail: `${nameOf(path)} ${advice}` }]
}

const nameOf = (path: JsonPath): string =>
  path.reduce<string>(
    (name, part) => (typeof part === 'number' ? `${name}[${part}]` : name ? `${name}.${part}` : part),
    '',
  ) || 'the file'

function* findCountryFaults(countries: Record<string, string>): Generator<Fault> {
  const seen = new Map<string, string>()
  for (const country of Object.keys(countries)) {
    const path = ['languageByCountry', country]
    const same = seen.get(foldedCountry(country))
    if (foldedCountry(country) === '') yield { path, detail: 'must be the name of a country' }
    else if (same !== undefined) yield { path, detail: `is the same country as ${same}: remove one` }
    seen.set(foldedCountry(country), country)
  }
}

function* findNameFaults(entries: readonly Entry[]): Generator<Fault> {
  const names = entries.map(({ kind }): string => kind)
  for (const [index, name] of names.entries()) {
    const path = ['kinds', index, 'kind']
    const meant = mistakenFor(name)
    if (names.indexOf(name) !== index)
      yield { path, detail: `must not be ${name} again: each kind is listed once` }
    else if (name === ALL_KINDS || (isBaseKind(name) && name !== 'quick' && name !== 'slow'))
      yield { path, detail: `must not be ${name}, which has a meaning of its own` }
    else if (meant !== undefined)
      yield { path, detail: `must differ more from ${meant}: in a query, ${name} would be taken for a slip` }
  }
  for (const required of ['quick', 'slow'])
    if (!names.includes(required))
      yield {
        path: ['kinds'],
        detail: `must have the kind ${required}: reports compare quick and slow purchases`,
      }
}

function* findLimitFaults(entries: readonly Entry[], quickMinutes: number): Generator<Fault> {
  let longest = 0
  for (const [index, { kind, untilMinutes }] of entries.entries()) {
    const path = ['kinds', index, 'untilMinutes']
    if (index === entries.length - 1) {
      if (untilMinutes !== undefined)
        yield { path, detail: 'must be absent from the last kind, which has all longer purchases: remove it' }
      continue
    }
    const limit = untilMinutes ?? (kind === 'quick' ? quickMinutes : undefined)
    if (limit === undefined) yield { path, detail: 'is missing: only the last kind has no limit' }
    else if (limit <= longest)
      yield {
        path,
        detail: `must be above ${longest}, the limit of the kind before${untilMinutes === undefined ? '; it is QUICK_MINUTES' : ''}`,
      }
    longest = Math.max(longest, limit ?? 0)
  }
}

function isLanguage(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag)[0] === tag
  } catch {
    return false
  }
}
