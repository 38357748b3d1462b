import type { VerdictCode, VerdictDetails } from '../../../../backbone/operations/verdict.ts'

/** Values of a sentence, already written in the viewer's language. */
export type Words<Details> = { [Name in keyof Details]: string }

export interface VerdictTexts<Details> {
  /** Changes only if the state does: screen readers read it aloud. */
  sentence: (words: Words<Details>) => string
  /** Figures, which may change each second. */
  facts?: (words: Words<Details>) => string
  advice: (words: Words<Details>) => string
}

const backlog = ({ records, seconds, partitions, member }: Words<VerdictDetails['lag-grows']>) =>
  `${records} checkouts wait, the oldest for ${seconds}; partitions ${partitions}, the slowest owned by ${member || 'no member'}`

export const verdicts: { [Code in VerdictCode]: VerdictTexts<VerdictDetails[Code]> } = {
  'buyers-refused': {
    sentence: (words) =>
      'gateways' in words ? 'No gateway answers: nobody can buy' : 'No purchase is accepted',
    facts: (words) =>
      'gateways' in words ? '' : `${words.perSecond} purchases per second are answered ${words.status}`,
    advice: (words) =>
      'gateways' in words
        ? 'Start the gateways; their logs say why they stopped.'
        : 'Fix what is listed below. If nothing is, read the log of a gateway.',
  },
  'kafka-unavailable': {
    sentence: () => 'Kafka does not answer',
    advice: () =>
      'Start the brokers, or check the network to them. What was accepted is stored; until then, new checkouts are answered 503.',
  },
  'below-min-isr': {
    sentence: () => 'Kafka is below min in-sync replicas',
    facts: ({ partitions, topic, broker }) =>
      `${partitions} partitions, also of ${topic}; not in sync: broker ${broker}`,
    advice: ({ broker }) =>
      `Start broker ${broker}, or look at its log and disk. Until then, checkouts to these partitions are answered 503.`,
  },
  'checkouts-wait': {
    sentence: () => 'Buyers wait for Kafka',
    facts: ({ records, seconds }) => `${records} checkouts wait, the oldest for ${seconds}`,
    advice: () =>
      'Look at the brokers and the network to them. Checkouts that wait too long are answered 503.',
  },
  'processors-silent': {
    sentence: () => 'No processor answers',
    facts: ({ processors }) => `${processors} are configured`,
    advice: () =>
      'Start the processors; their logs say why they stopped. Buyers still get through: their checkouts are stored, and they are notified later.',
  },
  'member-silent': {
    sentence: ({ member }) => `${member} is silent`,
    facts: ({ partitions }) =>
      partitions
        ? `It publishes no figures, and nobody has taken over its partitions ${partitions} yet`
        : 'It publishes no figures',
    advice: ({ role, member }) =>
      role === 'gateway'
        ? `Restart ${member}, unless its log says that its figures are not published. Its load balancer must send checkouts to the others until then.`
        : `Restart ${member}. Other processors take over its partitions within seconds.`,
  },
  'partition-unowned': {
    sentence: ({ partitions }) => `Nobody classifies partitions ${partitions}`,
    facts: ({ records }) => `${records} checkouts wait there`,
    advice: () =>
      'Start a processor. If enough are running, read their logs: the claim of a partition fails.',
  },
  'some-purchases-refused': {
    sentence: () => 'Some purchases are refused',
    facts: ({ perSecond, percent, status }) =>
      `${perSecond} per second (${percent} %), most of them with ${status}`,
    advice: ({ status }) =>
      status === '429'
        ? 'A key or an address sends more than its rate allows. Raise the rate if it is a store.'
        : 'If requests in flight are at their limit, start more gateways or give them more cores. Otherwise look at Kafka.',
  },
  'lag-grows': {
    sentence: () => 'Notifications are late, and getting later',
    facts: backlog,
    advice: ({ member }) =>
      `Look at the cores, disk and log of ${member || 'the processors'}. If all partitions are late, start more processors.`,
  },
  'visits-refused': {
    sentence: () => 'Visits are being refused',
    facts: ({ perSecond, percent, status }) =>
      `${perSecond} visits per second (${percent} %), most with ${status}`,
    advice: () => 'Purchases go first at a peak. If it lasts, start more gateways or give them more cores.',
  },
  'forecast-beyond-capacity': {
    sentence: () => 'More checkouts are expected than the processors classify',
    facts: ({ seconds, perSecond, capacity }) =>
      `in ${seconds}: ${perSecond} per second are expected, ${capacity} were classified at most`,
    advice: () => 'Start more processors now. What they do not classify in time waits; nothing is lost.',
  },
  'access-refused': {
    sentence: ({ member }) => `Kafka refuses access to ${member}`,
    facts: ({ detail }) => detail,
    advice: ({ member }) => `Correct the credentials of ${member}, or the ACLs of its Kafka user.`,
  },
  'catching-up': {
    sentence: () => 'Notifications are late, but catching up',
    facts: (words) =>
      words.clearedIn === undefined ? backlog(words) : `${backlog(words)}; cleared in ${words.clearedIn}`,
    advice: () => 'Wait. If that takes too long, start more processors.',
  },
  'not-ready': {
    sentence: ({ member }) => `${member} is not ready`,
    facts: ({ check, detail }) => `${check}: ${detail}`,
    advice: ({ member }) => `Read the log of ${member}. Checkouts go to the members that are ready.`,
  },
  starting: {
    sentence: (words) => ('member' in words ? `${words.member} is starting` : 'The processors are starting'),
    facts: (words) => {
      if ('processors' in words)
        return `Processors that answer, but do not know the state of the system yet: ${words.processors}`
      return words.check ? `${words.check}: ${words.detail}` : ''
    },
    advice: () => 'Wait. A processor that serves results first reads all outcomes.',
  },
  'buyers-get-through': {
    sentence: () => 'Buyers get through',
    advice: () => 'Nothing to do.',
  },
}
