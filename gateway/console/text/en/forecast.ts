import type { SystemForecast } from '../../../../backbone/operations/forecast-state.ts'

type Reason = (SystemForecast & { known: false })['reason']

const unknown: Record<Reason, string> = {
  'no-history':
    'The forecast is not known: no minute has been counted yet. Two days are needed; the first minutes are counted two minutes after the start.',
  'too-little-history': 'The forecast is not known yet: there is too little history.',
  'history-behind':
    'The forecast is not known: for an hour, a partition had no owner, or its owner could not write to the history. Look at the members and at the logs of the processors.',
}

export const forecast = {
  title: 'Forecast',
  unknown,
  knownAt: (time: string) => `It will be known at ${time} if every minute until then is counted.`,
  countedUntil: (time: string) => `Counted until ${time}.`,
  band: (coverage: string) => `The band should hold ${coverage} of the true values.`,
  plots: {
    heading: 'Next hour',
    purchase: 'Purchases per second',
    browse: 'Visits per second',
    upper: 'Upper bound',
    median: 'Median',
    lower: 'Lower bound',
  },
  figures: {
    heading: 'Median and band',
    figure: 'Figure',
    now: 'This minute',
    half: 'In 30 minutes',
    end: 'In 59 minutes',
    range: (median: string, lower: string, upper: string) => `${median} (${lower} – ${upper})`,
    rows: {
      purchase: 'Purchases per second',
      browse: 'Visits per second',
      slowShare: 'Slow share of purchases',
      lagSeconds: 'Lag from receipt to classification',
    },
  },
  capacity: {
    heading: 'Peak and capacity',
    peak: 'Peak, checkouts per second',
    peakAt: 'Peak at',
    perSecond: 'Measured capacity, checkouts per second',
    perProcessor: 'Of one processor',
    processors: 'Processors that classify',
    reachedIn: 'Capacity reached in',
    notReached: 'not in this hour',
    isReached: (time: string) =>
      `From ${time} on, more checkouts are expected than the processors classify. Start more processors; what they do not classify in time waits.`,
    suffices: 'The median stays below the capacity for the next hour.',
    unknown: 'The capacity is unknown until a processor has had a backlog for ten seconds.',
    withoutForecast: 'When the capacity is reached is not known without a forecast.',
  },
  calendar: {
    heading: 'Calendar',
    hint: 'Coming times with more or fewer checkouts than usual, and past ones, which the forecast does not learn from.',
    events: 'Events',
    empty: 'None.',
    fields: {
      name: 'Name',
      from: 'From',
      until: 'Until',
      times: 'Times as much as usual',
    },
    remove: 'Remove',
    removeOf: (name: string) => `Remove ${name}`,
    sure: (name: string) => `Remove the event “${name}” from the calendar?`,
    add: 'Add an event',
    save: 'Add',
    added: (name: string) => `“${name}” is stored.`,
    removed: (name: string) => `“${name}” is removed.`,
    refused: 'Not stored: fix these fields.',
  },
}
