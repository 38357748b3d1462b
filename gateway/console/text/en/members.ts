import type { EventDetails, MemberEventCode } from '../../../../backbone/figures/member-event.ts'
import type { MemberState, PartitionLag } from '../../../../backbone/operations/system-state.ts'
import type { Words } from './verdicts.ts'

const statuses: Record<MemberState['status'], string> = {
  ok: 'OK',
  starting: 'Starting',
  'not-ready': 'Not ready',
  silent: 'Silent',
  stopped: 'Stopped',
}

const trends: Record<PartitionLag['trend'], string> = {
  none: 'none',
  grows: '▲ grows',
  shrinks: '▼ shrinks',
  steady: '= steady',
}

const events: { [Code in MemberEventCode]: (words: Words<EventDetails[Code]>) => string } = {
  started: () => 'Started',
  stopping: () => 'Stopping',
  paused: ({ seconds }) => `Did nothing for ${seconds}: it or its machine was frozen`,
  'partition-claimed': ({ partitions }) => `Claimed partitions ${partitions}`,
  'partition-released': ({ partitions }) => `Released partitions ${partitions}`,
  'processor-silent': ({ processor }) => `No longer sends reads to ${processor}, which does not answer`,
  'processor-back': ({ processor }) => `${processor} answers again`,
  'kafka-unavailable': ({ detail }) => `Kafka is unavailable: ${detail}`,
  'kafka-back': () => 'Kafka is available again',
  'access-refused': ({ detail }) => `Kafka refuses access: ${detail}`,
  'overload-began': ({ limit }) => `Overload began; the adaptive limit is ${limit}`,
  'overload-ended': () => 'Overload ended',
  'member-silent': () => 'Silent: it no longer publishes figures',
  'member-back': ({ seconds }) => `Back after ${seconds}`,
  redriven: ({ deadLetter, by }) => `Sent dead letter ${deadLetter} again, at the request of ${by}`,
}

export const members = {
  title: 'Kafka and members',
  state: 'State',
  since: (time: string, duration: string) => `since ${time} (${duration})`,
  statuses,
  memory: 'Memory',
  cpu: 'CPU (of a core)',
  startedAt: 'Running since',
  gateways: {
    heading: 'Gateways',
    name: 'Gateway',
    none: 'No gateway is known.',
    perSecond: 'Checkouts/s',
    p99: 'p99',
    inFlight: 'In flight / limit',
    waiting: 'Waiting for Kafka',
  },
  processors: {
    heading: 'Processors',
    name: 'Processor',
    none: 'No processor is known.',
    perSecond: 'Outcomes/s',
    partitions: 'Partitions',
    noPartitions: 'none',
    readModelLag: 'Read model behind (records)',
    streams: 'Streams',
    notServing: 'serves no results',
  },
  partitions: {
    heading: 'Partitions of DataTopic',
    name: 'Partition',
    none: 'The partitions are unknown.',
    lane: 'Lane',
    lanes: { purchase: 'Purchases', browse: 'Visits' },
    owner: 'Owner',
    nobody: '✕ nobody',
    before: (owner: string) => `(was ${owner})`,
    records: 'Unclassified',
    seconds: 'Oldest waiting',
    trend: 'Trend',
    trends,
    clearedIn: 'Cleared in',
    total: (records: string, seconds: string) =>
      `In total ${records} unclassified; the oldest has waited for ${seconds}.`,
    leftOut: (others: string) =>
      `Listed are those without an owner and with the oldest lag; ${others} others are not.`,
    totalClearedIn: (duration: string) => `At the current rate all are classified in ${duration}.`,
  },
  brokers: {
    heading: 'Brokers',
    name: 'Broker',
    none: 'The brokers are unknown.',
    answers: '✓ answers',
    doesNotAnswer: '✕ does not answer',
    leads: 'Leads',
    inSync: 'In-sync replicas',
    ofReplicas: (inSync: string, replicas: string) => `${inSync} of ${replicas}`,
    allInSync: 'All partitions have all replicas in sync.',
    underReplicated: (partitions: string) => `Partitions that lack a replica: ${partitions}.`,
    belowMinIsr: (list: string) => `✕ Below min in-sync replicas, and refusing writes: ${list}.`,
  },
  events: {
    heading: 'Events, newest first',
    none: 'Nothing has happened in the last 24 hours.',
    time: 'Time',
    member: 'Member',
    event: 'Event',
    sentences: events,
  },
}
