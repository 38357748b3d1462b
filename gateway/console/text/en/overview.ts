import type { AnsweredLane } from '../../../../backbone/figures/member-figures.ts'

const lanes: Record<AnsweredLane, string> = { purchase: 'Purchases', browse: 'Visits', unknown: 'Not read' }

export const overview = {
  title: 'Overview',
  verdict: {
    heading: 'State',
    levels: { ok: 'OK', warn: 'Warning', bad: 'Problem', unknown: 'Unknown' },
    since: (time: string, duration: string) => `since ${time} (${duration})`,
    more: 'Also',
  },
  checkouts: {
    heading: 'Checkouts per second',
    answer: 'Answer',
    lanes,
    rows: {
      accepted: 'Accepted (2xx)',
      refused: 'Refused (429, 5xx)',
      invalid: 'Invalid (other 4xx)',
      p50: 'p50 of accepted',
      p99: 'p99 of accepted',
    },
  },
  capacity: {
    heading: 'Capacity',
    inFlight: 'Requests in flight',
    limit: 'Adaptive limit',
    waiting: 'Waiting for Kafka',
    members: 'Members OK',
    ofMembers: (ok: string, all: string) => `${ok} of ${all}`,
    streams: 'Open streams',
  },
  outcomes: { heading: 'Outcomes per second', added: 'Added kinds', repetitions: 'Repetitions' },
  notifications: {
    heading: 'POST to notification',
    delay50: 'Delay p50',
    delay99: 'Delay p99',
    records: 'Unclassified',
    oldest: 'Oldest waiting',
    clearedIn: 'Cleared in',
  },
  load: {
    heading: 'Load run',
    line: (name: string, stage: string) => `${name}, stage ${stage}`,
    planned: 'Planned/s',
    accepted: 'Accepted/s',
    failed: 'Failed',
    p99: 'p99',
  },
  plots: {
    heading: 'Last 15 minutes',
    rates: 'Checkouts per second',
    latency: 'Response and notification times',
    lag: 'Age of the oldest unclassified checkout',
    series: {
      purchases: 'Purchases',
      visits: 'Visits',
      refusedPurchases: 'Refused purchases',
      refusedVisits: 'Refused visits',
      planned: 'Load run, planned',
      accepted: 'Load run, accepted',
      p50: 'Answer p50',
      p99: 'Answer p99',
      delayP99: 'Notification p99',
      lag: 'Age',
    },
    summary: (name: string, now: string, highest: string) => `${name}: now ${now}, highest ${highest}`,
    at: (time: string) => `at ${time}`,
  },
  live: {
    waiting: 'Waiting for the first figures …',
    partial: (member: string) =>
      `No processor serves the state of the system: these figures are only from ${member}. Other gateways are not counted.`,
    onlyOwn: (members: string) =>
      `Figures come through Kafka, which does not answer: only those of ${members} are current.`,
    stale: (duration: string) => `Figures of ${duration} ago: the connection is lost. Trying again …`,
    silent: (member: string, duration: string) =>
      `${member} has been silent for ${duration}: its figures are not counted.`,
    kafkaUnknown: 'The state of the brokers is unknown.',
    kafkaOld: (duration: string) => `The state of the brokers is ${duration} old.`,
    unknown: 'The state of the system is unknown',
    withoutFigures: (duration: string) => `no figures for ${duration}`,
    lastKnown: (sentence: string) => `Last known: ${sentence}`,
  },
}
