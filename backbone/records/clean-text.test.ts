import { describe, expect, test } from 'vitest'
import { cleanText, type TextChange } from './clean-text.ts'

function clean(text: string) {
  const changes: TextChange[] = []
  return { text: cleanText(text, (change) => changes.push(change)), changes }
}

test.each([
  ['Scarlett', 'Scarlett', []],
  [' Ana\t', 'Ana', ['trimmed']],
  ['Ana 👋', 'Ana 👋', []],
  ['Ana \ud83d', 'Ana \ufffd', ['lone surrogate replaced']],
  ['\udc4bAna\ud83d\u200b\udc4b', '\ufffdAna\ufffd\ufffd', ['lone surrogate replaced', 'invisible removed']],
  ['Mari\u0301a', 'María', ['composed']],
  ['\u1112\u1161\u11ab', '\ud55c', ['composed']],
  ['Ana\r\n María', 'Ana  María', ['line break to space']],
  ['a\u2028b', 'a b', ['line break to space']],
  ['A\u200bna', 'Ana', ['invisible removed']],
  ['\u200b Ana \ufeff\u200e', 'Ana', ['invisible removed', 'trimmed']],
  [
    '\u202aMari\u0301a\nJosé\u202c ',
    'María José',
    ['line break to space', 'invisible removed', 'composed', 'trimmed'],
  ],
])('%j is seen as %j', (given, text, changes) => {
  expect(clean(given)).toEqual({ text, changes })
})

const controlsOfDirection = [
  0x202a, 0x202b, 0x202c, 0x202d, 0x202e, 0x2066, 0x2067, 0x2068, 0x2069, 0x200e, 0x200f, 0x061c,
]
const ignorable = [
  0x200b, 0x200c, 0x200d, 0x2060, 0x00ad, 0x034f, 0x3164, 0xffa0, 0x115f, 0x180e, 0xfe0f, 0xe0100, 0xe0041,
]
const otherControls = [0xfff9, 0x0000, 0x0007, 0x007f, 0x009f]

describe.each([...controlsOfDirection, ...ignorable, ...otherControls])('code point %i', (code) => {
  const invisible = String.fromCodePoint(code)

  test('is removed between letters', () => {
    expect(clean(`An${invisible}a`)).toEqual({ text: 'Ana', changes: ['invisible removed'] })
  })

  test('alone is nothing', () => {
    expect(clean(invisible.repeat(3)).text).toBe('')
  })
})

describe('a character without a glyph is kept where it changes the display', () => {
  test.each([
    ['a family of emoji', '👨\u200d👩\u200d👧'],
    ['skin tones and joiners', '👩\u{1f3fd}\u200d💻 🧑\u{1f3fb}\u200d🤝\u200d🧑\u{1f3ff}'],
    ['emoji presentation', '❤\ufe0f\u200d🔥 ☂\ufe0e'],
    ['a keycap', '1\ufe0f\u20e3'],
    ['a flag of a region', '🏴\u{e0067}\u{e0062}\u{e0073}\u{e0063}\u{e0074}\u{e007f}'],
    ['Persian', 'علی\u200cرضا'],
    ['Persian with a vowel sign', 'نَ\u200cمی'],
    ['a joined form at the end of Arabic', 'ه\u200d'],
    ['Devanagari', 'क्\u200cष क्\u200dष'],
    ['Sinhala', 'ශ්\u200dරී'],
    ['Malayalam at the end of a word', 'ന്\u200d'],
    ['the form of a Japanese name', '葛\u{e0100}城'],
    ['Mongolian', 'ᠮ\u180bᠣ'],
  ])('%s', (_, text) => {
    expect(clean(text)).toEqual({ text, changes: [] })
  })

  test.each([
    ['a second joiner', 'علی\u200c\u200cرضا', 'علیرضا'],
    ['at the end of Persian', 'علی\u200c', 'علی'],
    ['a second variant of a character', '葛\u{e0100}\u{e0101}', '葛\u{e0100}'],
    ['emoji presentation of a digit', '1\ufe0f', '1'],
    ['tags after any emoji', '😀\u{e0041}\u{e0042}', '😀'],
    ['tags without an end', '🏴\u{e0067}\u{e0062}', '🏴'],
    ['a joiner after the last emoji', '👨\u200d', '👨'],
  ])('%s does not', (_, given, text) => {
    expect(clean(given)).toEqual({ text, changes: ['invisible removed'] })
  })
})

test.each([
  '\u200d'.repeat(30_000),
  `${'👨\u200d'.repeat(20_000)}x`,
  'علی\u200c'.repeat(20_000),
  ' \u0301'.repeat(30_000),
])('a long adversarial text is not slow', (text) => {
  const startedAt = performance.now()
  clean(text)
  expect(performance.now() - startedAt).toBeLessThan(500)
})

test('only the first 30 combining marks in a row are kept: composing all would take seconds', () => {
  const marks = '\u0301\u0323'.repeat(15_000)
  const { text, changes } = clean(`a${marks}b`)
  expect(text).toBe(`a${marks.slice(0, 30)}b`.normalize('NFC'))
  expect(changes).toEqual(['excess marks removed', 'composed'])
  const allowed = `a${marks.slice(0, 30)}b`
  expect(clean(allowed)).toEqual({ text: allowed.normalize('NFC'), changes: ['composed'] })
})

test('a long text that NFC would lengthen is not composed: its outcome would not fit into the topic', () => {
  const growing = '\u{1d160}'
  expect(clean(growing.repeat(10)).text).toBe(growing.repeat(10).normalize('NFC'))
  expect(clean(growing.repeat(10_001))).toEqual({ text: growing.repeat(10_001), changes: [] })
})
