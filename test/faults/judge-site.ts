import { setTimeout as sleep } from 'node:timers/promises'
import type { Admin, Kafka } from 'kafkajs'
import { boundsKept } from './judge/bounds-kept.ts'
import { type Judgement, judge } from './judge/judge.ts'
import { logsPrivate } from './judge/logs-private.ts'
import { viewsAgree } from './judge/views-agree.ts'
import { findBrokenReplays, findUnsafeAcknowledgements, wasRecovered } from './judge/was-recovered.ts'
import type { SubscriberLog, Subscribers } from './load/subscribers.ts'
import type { LoadEvidence } from './run-load.ts'
import { awaitNoLag } from './system/await-quiet.ts'
import type { UnexpectedEnd } from './system/part.ts'
import type { Site } from './system/site.ts'

const RECLASSIFIED_WITHIN_MS = 300_000
const STREAMS_SETTLED_MS = 5_000
const STREAMS_WITHIN_MS = 90_000

export interface SiteJudgement extends Judgement {
  streams: SubscriberLog[]
}

/** Judges the results of a site after a load; stops the site on the way. */
export async function judgeSite(
  site: Site,
  kafka: Kafka,
  evidence: LoadEvidence,
  unexpectedEnds: UnexpectedEnd[],
  log: (line: string) => void,
): Promise<SiteJudgement> {
  const admin = kafka.admin()
  await admin.connect()
  try {
    log(
      'reading the streams to their end, and classifying all of DataTopic again unless partitions were added',
    )
    const [streams, reclassified] = await Promise.all([
      endOfStreams(evidence.subscribers),
      // Classified again after a change, records at former homes would be forwarded.
      hasGrown(site) ? undefined : reclassify(site, admin),
    ])
    log('reading every partition of every topic')
    const judgement = await judge({
      brokers: site.cluster.bootstrap,
      topics: { ...site.topics, ...(reclassified === undefined ? {} : { reclassified }) },
      partitions: evidence.partitions,
      hasGrown: hasGrown(site),
      ledgerFile: evidence.ledgerFile,
      middle: (evidence.startedAt + evidence.endedAt) / 2,
      subscribers: streams,
    })
    log('comparing the results of all processors, page by page')
    const urls = site.processors.map(({ url }) => url)
    const disagreements = await viewsAgree(urls, judgement.counts.outcomes)
    await site.stop()
    log('waiting until Kafka has removed killed members')
    const violations = [
      ...judgement.violations,
      ...disagreements,
      ...wasRecovered(evidence, unexpectedEnds),
      ...findBrokenReplays(evidence),
      ...findUnsafeAcknowledgements(evidence),
      ...logsPrivate(site.folder),
      ...(await boundsKept(admin, site, evidence.resources)),
    ]
    return { ...judgement, streams, violations }
  } finally {
    await admin.disconnect()
  }
}

const hasGrown = ({ partitionCounts }: Site): boolean => partitionCounts.length > 1

/** Resolves when no more records arrive. */
async function endOfStreams(subscribers: Subscribers): Promise<SubscriberLog[]> {
  const giveUp = Date.now() + STREAMS_WITHIN_MS
  let before = await subscribers.seen()
  let since = Date.now()
  while (Date.now() < giveUp && Date.now() - since < STREAMS_SETTLED_MS) {
    await sleep(500)
    const now = await subscribers.seen()
    const allTheSame = now.every((seen) => seen === now[0])
    if (!allTheSame || now.some((seen, i) => seen !== before[i])) since = Date.now()
    before = now
  }
  return subscribers.stop()
}

/** With its own group, read model and topics; resolves with the topic of its outcomes. */
async function reclassify(site: Site, admin: Admin): Promise<string> {
  const notifications = `${site.topics.notifications}-again`
  const group = `${site.groupId}-again`
  const processor = await site.extraProcessor('processor-again', {
    NOTIFICATIONS_TOPIC: notifications,
    DEAD_LETTER_TOPIC: `${site.topics.deadLetter}-again`,
    FOLLOW_UP_TOPIC: `${site.topics.followUp}-again`,
    GROUP_ID: group,
  })
  const tookMs = await awaitNoLag(admin, group, site.topics.data, RECLASSIFIED_WITHIN_MS)
  await processor.stop()
  if (tookMs === undefined)
    throw new Error(`DataTopic was not classified again within ${RECLASSIFIED_WITHIN_MS / 1000} s`)
  return notifications
}
