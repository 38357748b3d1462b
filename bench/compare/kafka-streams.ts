import { buildJava } from '../tools/build-java.ts'
import type { Comparison } from './comparison.ts'
import { onlyClassify, prepareDrain } from './drain.ts'

const REPEATED = 0.01

export const kafkaStreams: Comparison = {
  name: 'kafka-streams',
  measured: 'a processor that only classifies',
  baseline: 'Kafka Streams, exactly_once_v2, one thread, with a persistent store of event ids',
  shown: {
    perSecond: 'records/s',
    cpuUs: 'CPU µs each',
    peakMiB: 'MiB at its peak',
    missing: 'missing',
    doubled: 'duplicated',
    notFollowedUp: 'missing in FollowUp',
  },
  ratios: [
    { figure: 'perSecond', title: 'records/s', better: 'more', target: 1 },
    { figure: 'cpuUs', title: 'CPU of a record', better: 'less', target: 1 },
  ],
  async prepare(site) {
    const command = await buildJava('bench/servers/kafka-streams', 'checkouts.Main', site.folder)
    return prepareDrain(site, { settings: onlyClassify }, { command }, { repeated: REPEATED })
  },
}
