import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Checkout } from '../../backbone/records/checkout.ts'
import { kindSchema } from '../../backbone/records/outcome.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { builtInFiles } from '../testing/messages.ts'
import { LONGEST_TEMPLATE, MOST_PLACEHOLDERS } from './parse-template.ts'
import { BUILT_IN, MessagesError, readMessages } from './read-messages.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'messages-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const settings = { storeName: 'Falabella', quickMinutes: 30, longestPlausibleMinutes: 10_080 }
const rules = {
  defaultLanguage: 'es',
  languageByCountry: { Inverness: 'en' },
  kinds: [
    { kind: 'express', untilMinutes: 5 },
    { kind: 'quick', untilMinutes: 30, followUp: true },
    { kind: 'slow' },
  ],
}
const names = ['express', 'quick', 'slow'].flatMap((kind) => [`${kind}.es.txt`, `${kind}.en.txt`])

/** Writes a valid folder with changes; `null` leaves a file out. */
function write(changes: Record<string, string | Buffer | object | null> = {}) {
  const files = {
    'rules.json': rules,
    ...Object.fromEntries(names.map((name) => [name, `${name}: {folio}`])),
    ...changes,
  }
  for (const [name, content] of Object.entries(files)) {
    if (content === null) continue
    const isText = typeof content === 'string' || Buffer.isBuffer(content)
    writeFileSync(join(folder, name), isText ? content : JSON.stringify(content, null, 2))
  }
}

const read = () => readMessages(folder, settings)

/** The faults, without the folder. */
function faults(changes: Parameters<typeof write>[0]): string[] {
  write(changes)
  try {
    read()
  } catch (error) {
    if (error instanceof MessagesError) return error.faults.map((fault) => fault.replaceAll(`${folder}/`, ''))
    throw error
  }
  return []
}

const express = kindSchema.parse('express')
const inCountry = (pais: string): Checkout => ({
  ...boughtQuickly,
  ubicacion: { ...boughtQuickly.ubicacion, pais },
})

describe('a valid folder', () => {
  test('has kinds with limits, and says which are followed up', () => {
    write()
    const { messages } = read()
    expect(messages.kinds.map(({ kind, untilMinutes }) => [kind, untilMinutes])).toEqual([
      ['express', 5],
      ['quick', 30],
      ['slow', Number.POSITIVE_INFINITY],
    ])
    const kinds = [express, 'quick', 'slow', 'unverified', 'none', kindSchema.parse('unknown')] as const
    expect(kinds.map(messages.isFollowedUp)).toEqual([false, true, false, true, false, false])
  })

  test.each([
    ['Inverness', 'en'],
    [' inVERNESS ', 'en'],
    ['Chile', 'es'],
    ['', 'es'],
  ])('words the message for the country %j in %s', (pais, language) => {
    write()
    expect(read().messages.messageFor(express, inCountry(pais))).toBe(`express.${language}.txt: SRZ-5509`)
  })

  test('may have hidden and other files, and folders without a meaning', () => {
    mkdirSync(join(folder, '..data'))
    expect(faults({ 'README.md': '{x}', '.slow.es.txt.swp': Buffer.from([0xff]), 'old.bak': '' })).toEqual([])
  })

  test('without a limit of quick takes QUICK_MINUTES', () => {
    const kinds = [{ kind: 'quick' }, { kind: 'slow' }]
    write({
      'rules.json': { defaultLanguage: 'es', kinds },
      ...Object.fromEntries(names.map((name) => [name, null])),
      'quick.es.txt': 'q',
      'slow.es.txt': 's',
    })
    expect(readMessages(folder, { ...settings, quickMinutes: 12 }).messages.kinds[0]?.untilMinutes).toBe(12)
  })

  test('can be a copy of the built-in one', () => {
    const { texts, messages } = builtInFiles()
    const kept = {
      'rules.json': { defaultLanguage: 'es', kinds: [{ kind: 'quick' }, { kind: 'slow', followUp: true }] },
    }
    write({
      ...Object.fromEntries(names.map((name) => [name, null])),
      ...kept,
      ...Object.fromEntries(texts),
    })
    expect(read().messages.messageFor('slow', boughtQuickly)).toBe(messages.messageFor('slow', boughtQuickly))
  })
})

describe('the text of a template', () => {
  const shown = (text: string | Buffer) => {
    write({ 'express.es.txt': text })
    return read().messages.messageFor(express, inCountry('Chile'))
  }

  test.each([
    ['keeps its line breaks', '\nHola {nombre}\n\n  {apellido}\n\n', '\nHola Scarlett\n\n  Morris\n'],
    ['has no byte order mark', '\uFEFFHola', 'Hola'],
    ['has line feeds, in a file of Windows too', 'Hola\r\n\r\n{folio}\r\n', 'Hola\n\nSRZ-5509'],
    ['may have braces', '{{folio} {{{folio}} }', '{folio} {SRZ-5509} }'],
    ['writes numbers in its language', '{minutos}', '17,8'],
    ['may have tabs', 'a\tb', 'a\tb'],
  ])('%s', (_, text, message) => {
    expect(shown(text)).toBe(message)
  })
})

describe('the variant for recorrido', () => {
  const recorrido = [
    { etapa: 'carro', segundos: 60 },
    { etapa: 'pago', segundos: 1_140, error: '51' },
  ]
  const variant = 'Pasaste {minutos_etapa} de {minutos} minutos en {etapa_lenta} (error {error}).'
  const worded = (stages: object[] | null | undefined) => {
    write({ 'slow.es.recorrido.txt': variant })
    const checkout = { ...inCountry('Chile'), taps: 41, recorrido: stages } as Checkout
    return read().messages.word('slow', checkout)
  }

  test('is used if the checkout has a value for each placeholder', () => {
    expect(worded(recorrido)).toEqual({
      text: 'Pasaste 19 de 41 minutos en pago (error 51).',
      language: 'es',
      variant: 'recorrido',
      unknown: [],
    })
  })

  test.each([
    [[40 * 60], 40],
    [[42 * 60], 41],
    [[1e308, 1e308], 41],
  ])('a stage of %j seconds took no longer than the purchase', (seconds, minutes) => {
    const stages = seconds.map((segundos) => ({ etapa: 'pago', segundos, error: '51' }))
    expect(worded(stages)?.text).toBe(`Pasaste ${minutes} de 41 minutos en pago (error 51).`)
  })

  test.each([[undefined], [null], [[]]])('is not used with recorrido %j', (stages) => {
    expect(worded(stages)).toMatchObject({
      text: 'slow.es.txt: SRZ-5509',
      variant: 'plain',
      unknown: ['minutos_etapa', 'etapa_lenta', 'error'],
    })
  })

  test('is not used if one placeholder has no value', () => {
    expect(worded([{ etapa: 'pago', segundos: 9 }])).toMatchObject({ variant: 'plain', unknown: ['error'] })
  })
})

describe('is refused, with file, line and advice, when', () => {
  const kindsWith = (...kinds: object[]) => ({ 'rules.json': { ...rules, kinds } })
  const [quick, slow] = [{ kind: 'quick', untilMinutes: 30 }, { kind: 'slow' }]
  const noExpress = { 'express.es.txt': null, 'express.en.txt': null }

  test.each<[string, Parameters<typeof write>[0], string]>([
    [
      'a placeholder is misspelt',
      { 'slow.es.txt': 'Hola\n\n{productvisto}' },
      'slow.es.txt:3: {productvisto} is not a placeholder; did you mean {productovisto}?',
    ],
    [
      'a placeholder is unknown',
      { 'slow.es.txt': '{x.y}' },
      'slow.es.txt:1: {x.y} is not a placeholder; use {nombre}, {apellido}, {productovisto}, {folio}, {tienda}, {minutos}, {etapa_lenta}, {minutos_etapa}, {error}, or write {{ for a brace',
    ],
    [
      'a brace is open',
      { 'slow.es.txt': 'a {nombre\n}' },
      'slow.es.txt:1: a { without a }: write {{ for a brace',
    ],
    [
      'a plain template needs recorrido',
      { 'slow.es.txt': 'a\n{error}' },
      'slow.es.txt:2: {error} is not known of every checkout: use it in the file that ends in .recorrido.txt',
    ],
    [
      'a template has a control character',
      { 'slow.es.txt': 'a\nb\u0007' },
      'slow.es.txt:2: has the control character U+0007: remove it',
    ],
    [
      'a template has a lone carriage return',
      { 'slow.es.txt': 'a\rb' },
      'slow.es.txt:1: has the control character U+000D: remove it',
    ],
    ['a template is empty', { 'slow.es.txt': ' \n' }, 'slow.es.txt:1: is empty: write the message'],
    [
      'a template is too long',
      { 'slow.es.txt': `\n${'x'.repeat(LONGEST_TEMPLATE)}` },
      `slow.es.txt:2: has ${LONGEST_TEMPLATE + 1} characters: at most ${LONGEST_TEMPLATE} are allowed`,
    ],
    [
      'a template has too many placeholders',
      { 'slow.es.txt': '{folio}'.repeat(MOST_PLACEHOLDERS + 1) },
      `slow.es.txt:1: has 13 placeholders: at most 12 are allowed`,
    ],
    [
      'a file is too large',
      { 'slow.es.txt': 'x'.repeat(65_537) },
      'slow.es.txt:1: has 65537 bytes: at most 65536 are allowed',
    ],
    [
      'a file is not UTF-8',
      { 'slow.es.txt': Buffer.from('Hola\nseñor\n', 'latin1') },
      'slow.es.txt:2: is not UTF-8: save it as UTF-8',
    ],
    [
      'a template is missing',
      { 'slow.en.txt': null },
      'slow.en.txt:1: is missing: write the message of slow in en',
    ],
    [
      'a template is of no kind',
      { 'slwo.es.txt': 'x' },
      'slwo.es.txt:1: is of no kind in rules.json, which has express, quick, slow: rename it, or add the kind',
    ],
    [
      'a template is in no language',
      { 'slow.pt.txt': 'x' },
      'slow.pt.txt:1: is in no language of rules.json, which has en, es: rename it, or add the language',
    ],
    [
      'a template has no language',
      { 'slow.txt': 'x' },
      'slow.txt:1: must be named KIND.LANGUAGE.txt or KIND.LANGUAGE.recorrido.txt: rename it',
    ],
    [
      'there are no rules',
      { 'rules.json': null },
      `rules.json:1: is missing: copy ${join(BUILT_IN, 'rules.json')} and change it`,
    ],
    [
      'the rules are not JSON',
      { 'rules.json': '{\n  "kinds": [,]\n}' },
      'rules.json:2: has a syntax error at line 2, column 13: it must be JSON',
    ],
    [
      'the rules are no object',
      { 'rules.json': '[]' },
      'rules.json:1: the file must be an object with defaultLanguage and kinds',
    ],
    [
      'there is no default language',
      { 'rules.json': { kinds: rules.kinds } },
      'rules.json:1: defaultLanguage is missing: it must be a language as in BCP 47, such as es or es-CL',
    ],
    [
      'a language is none',
      { 'rules.json': { ...rules, defaultLanguage: 'español' } },
      'rules.json:2: defaultLanguage must be a language as in BCP 47, such as es or es-CL',
    ],
    [
      'a key is misspelt',
      { 'rules.json': { ...rules, languageByContry: {} } },
      'rules.json:20: languageByContry is unknown; did you mean languageByCountry?',
    ],
    [
      'a key of a kind is unknown',
      kindsWith(quick, { ...slow, x: 1 }),
      'rules.json:13: kinds[1].x is unknown; remove it, or use kind, untilMinutes, followUp',
    ],
    [
      'a key is given twice',
      {
        'rules.json':
          '{"defaultLanguage": "es",\n"defaultLanguage": "es", "kinds": [{"kind": "quick"}, {"kind": "slow"}]}',
      },
      'rules.json:2: "defaultLanguage" is given twice: remove one',
    ],
    [
      'a country is given twice',
      { 'rules.json': { ...rules, languageByCountry: { Chile: 'es', CHILE: 'en' } } },
      'rules.json:5: languageByCountry.CHILE is the same country as Chile: remove one',
    ],
    [
      'limits do not rise',
      kindsWith({ kind: 'express', untilMinutes: 30 }, quick, slow),
      `rules.json:13: kinds[1].untilMinutes must be above 30, the limit of the kind before`,
    ],
    [
      'QUICK_MINUTES is not above the limit before',
      kindsWith({ kind: 'express', untilMinutes: 31 }, { kind: 'quick' }, slow),
      'rules.json:11: kinds[1].untilMinutes must be above 31, the limit of the kind before; it is QUICK_MINUTES',
    ],
    [
      'a limit is missing',
      kindsWith({ kind: 'express' }, quick, slow),
      'rules.json:7: kinds[0].untilMinutes is missing: only the last kind has no limit',
    ],
    [
      'the last kind has a limit',
      kindsWith({ kind: 'express', untilMinutes: 5 }, quick, { ...slow, untilMinutes: 90 }),
      'rules.json:17: kinds[2].untilMinutes must be absent from the last kind, which has all longer purchases: remove it',
    ],
    [
      'a limit is not positive',
      kindsWith({ kind: 'express', untilMinutes: 0 }, quick, slow),
      'rules.json:9: kinds[0].untilMinutes must be a number of minutes above 0',
    ],
    [
      'a kind is listed twice',
      kindsWith({ kind: 'quick', untilMinutes: 1 }, quick, slow),
      'rules.json:12: kinds[1].kind must not be quick again: each kind is listed once',
    ],
    [
      'a kind is reserved',
      kindsWith(quick, { kind: 'none', untilMinutes: 31 }, slow),
      'rules.json:12: kinds[1].kind must not be none, which has a meaning of its own',
    ],
    [
      'a kind looks like another one',
      kindsWith(quick, { kind: 'slaw', untilMinutes: 31 }, slow),
      'rules.json:12: kinds[1].kind must differ more from slow: in a query, slaw would be taken for a slip',
    ],
    [
      'a kind has a wrong name',
      kindsWith(quick, { kind: 'Muy lento', untilMinutes: 31 }, slow),
      'rules.json:12: kinds[1].kind must be a lower-case letter, then at most 31 lower-case letters, digits or dashes',
    ],
    [
      'slow is missing',
      kindsWith(quick, { kind: 'late' }),
      'rules.json:6: kinds must have the kind slow: reports compare quick and slow purchases',
    ],
  ])('%s', (_, changes, fault) => {
    expect(faults({ ...noExpress, ...changes })).toContain(fault)
  })

  test('all at once', () => {
    expect(
      faults({ 'rules.json': { ...rules, x: 1 }, 'slow.es.txt': '{a\n{error}', 'quick.es.txt': '' }),
    ).toEqual([
      'rules.json:20: x is unknown; remove it, or use defaultLanguage, languageByCountry, kinds',
      'quick.es.txt:1: is empty: write the message',
      'slow.es.txt:1: a { without a }: write {{ for a brace',
      'slow.es.txt:2: {error} is not known of every checkout: use it in the file that ends in .recorrido.txt',
    ])
  })

  test('the folder is missing', () => {
    expect(() => readMessages(join(folder, 'x'), settings)).toThrow(
      `cannot read the folder ${join(folder, 'x')}`,
    )
  })
})

test.each([LONGEST_TEMPLATE - 1, LONGEST_TEMPLATE])('a template may have %d characters', (length) => {
  expect(faults({ 'slow.es.txt': 'x'.repeat(length) })).toEqual([])
})

test('a template may have twelve placeholders', () => {
  expect(faults({ 'slow.es.txt': '{folio}'.repeat(MOST_PLACEHOLDERS) })).toEqual([])
})
