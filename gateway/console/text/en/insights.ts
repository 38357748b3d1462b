import type { Difference, factors } from '../../../../backbone/insights/slow-purchases.ts'

type Factor = (typeof factors)[number]

const traits: Record<Factor, (value: string) => string> = {
  product: (value) => `product “${value}”`,
  city: (value) => `city ${value}`,
  hour: (value) => `${value}:00 to ${value}:59`,
  stage: (value) => `longest stage ${value}`,
  error: (value) => `error ${value}`,
}
const mixes: Record<Factor, string> = {
  product: 'the mix of products',
  city: 'the mix of cities',
  hour: 'the mix of hours',
  stage: 'the mix of stages',
  error: 'the mix of errors',
}
const verdicts: Record<Exclude<Difference['verdict'], 'explained' | 'unremarkable' | 'few'>, string> = {
  cause: 'a cause, see above',
  usual: 'usual, as far as is known',
}

export const insights = {
  title: 'Why purchases are slow',
  range: 'Period',
  ranges: {
    hour: 'Last hour',
    day: 'Last 24 hours',
    week: 'Last 7 days',
    own: 'From … to …',
  },
  since: 'From',
  until: 'Before',
  show: 'Show',
  periodFault: '“From” must be before “Before”.',
  older: 'The figures below are older.',
  summary: 'In words',
  facts: {
    slow: 'Slow',
    before: 'Slow the day before',
    sampled: 'Outcomes that were read',
    staged: 'Purchases with measured stages',
    candidates: 'Tested for a cause',
    zone: 'Time zone of these times',
  },
  sample: (read: string, of: string) => `${read} of ${of}, at random; counts are those of the sample`,
  allRead: 'all',
  beforeUnknown: 'too little is known',
  traits,
  mixes,
  causes: {
    caption: 'Causes, the strongest evidence first',
    none: 'No cause is named.',
    cause: 'Cause',
    slow: 'Slow',
    share: 'Share (95 % interval)',
    times: 'Times as often as others',
    since: 'Since',
    until: 'Until',
    stage: 'Stage that took the time',
    examples: 'Examples',
    mayBeUsual: 'may be usual: too little is known of the day before',
    noBeginning: 'no known beginning',
    ongoing: 'not ended',
    noOthers: 'no others',
  },
  slowOf: (slow: string, of: string) => `${slow} of ${of}`,
  minutes: (minutes: string) => `${minutes} min`,
  stageTook: (stage: string, minutes: string, of: string) => `${stage}: ${minutes} of ${of} min`,
  stages: {
    caption: 'Median minutes in each stage',
    none: 'No purchase of this period has measured stages (recorrido).',
    stage: 'Stage',
    slow: 'Slow purchases',
    quick: 'Quick purchases',
    excess: 'Part of the additional time',
  },
  differences: {
    caption: 'Differences that chance does not explain',
    none: 'None.',
    purchases: 'Purchases',
    alike: 'Among purchases alike',
    verdict: 'Verdict',
    verdicts,
    explained: (by: string) => `explained by ${by}`,
    others: (unremarkable: string, few: string) =>
      `Not listed: ${unremarkable} with a difference that is small or may be chance, ${few} with too few purchases.`,
  },
}
