/** A known way in which the pipelines differ; docs/explanation/spark.md explains each under its title. */
export interface DocumentedDifference {
  title: string
  right: 'processor' | 'neither'
  /** By the case of awkward-cases.ts: the difference, as compare.ts describes it. */
  cases: Readonly<Record<string, string>>
}

const same = (how: string, cases: readonly string[]) => Object.fromEntries(cases.map((name) => [name, how]))

export const documentedDifferences: readonly DocumentedDifference[] = [
  {
    title: 'The texts NaN and Infinity are numbers',
    right: 'processor',
    cases: same('invalid: slow', ['taps "NaN"', 'taps "Infinity"', 'taps NaN, not quoted']),
  },
  {
    title: 'A number sent as text is null',
    right: 'processor',
    cases: {
      'taps as text': 'quick: nothing',
      'age as text': 'field edad',
      'recorrido with seconds as text': 'field recorrido',
    },
  },
  { title: '44.0 is not an integer', right: 'processor', cases: { 'age 44.0': 'field edad' } },
  {
    title: 'Minutes have no upper bound',
    right: 'processor',
    cases: {
      'taps 1e400': 'invalid: slow',
      ...same('unverified: slow', ['taps 1e308', 'taps a week and a minute']),
    },
  },
  {
    title: 'A limit of the parser loses the record',
    right: 'processor',
    cases: same('quick: nothing', ['taps with 1,100 digits', 'unknown field nested 1,200 deep']),
  },
  {
    title: 'A byte order mark loses the record',
    right: 'processor',
    cases: { 'byte order mark': 'quick: nothing' },
  },
  {
    title: 'Text after the object is ignored',
    right: 'processor',
    cases: same('invalid: quick', ['text after the object', 'two objects']),
  },
  { title: 'Single quotes are JSON', right: 'processor', cases: { 'single quotes': 'invalid: quick' } },
  {
    title: 'Invalid UTF-8 is replaced',
    right: 'processor',
    cases: { 'Latin-1': 'invalid: quick' },
  },
  {
    title: 'Every JSON value is a text',
    right: 'processor',
    cases: {
      ...same('invalid: quick', ['folio a number', 'folio an object']),
      ...same('unverified: quick', ['name a number', 'name a list', 'product an object']),
    },
  },
  {
    title: 'The rules of the fields are not checked',
    right: 'processor',
    cases: {
      ...same('invalid: quick', ['id not hexadecimal', 'folio in lower case']),
      ...same('unverified: quick', [
        'taps with folio ""',
        'name empty',
        'e-mail with a space',
        'age absent',
        'age beyond 32 bits',
        'location a text',
        'recorrido without a stage',
      ]),
    },
  },
  {
    title: 'A missing name makes the message null',
    right: 'processor',
    cases: { 'name absent': 'unverified: quick without a message' },
  },
  {
    title: 'Texts are not corrected',
    right: 'processor',
    cases: {
      ...same('message', [
        'accents as separate characters',
        'spaces around the name',
        'line break in the product',
        'NUL in the name',
      ]),
      'id in capitals': 'field id',
    },
  },
  {
    title: 'Half a surrogate pair becomes a question mark',
    right: 'neither',
    cases: { 'half a surrogate pair in the name': 'message' },
  },
  {
    title: 'Each record is a notification',
    right: 'processor',
    cases: { repetition: 'repetition: quick', 'same event id, other body': 'invalid: slow' },
  },
]
