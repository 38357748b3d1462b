import { freePorts } from '../../deploy/ports.ts'
import { program } from '../program.ts'
import { startService } from '../start-service.ts'
import { type Comparison, type Figures, inTurn } from './comparison.ts'
import { fillTopic } from './fill-topic.ts'
import type { Cluster } from './site.ts'
import { startProcessor } from './start-processor.ts'
import { openReaders } from './stream-readers.ts'

const PARTITIONS = 6
const READERS = 1_000
const EVENTS = 1_000

type Started = Pick<Awaited<ReturnType<typeof startProcessor>>, 'port' | 'cpuMs' | 'end'>

/** The bytes that a reader receives for this many events, from the first one on. */
async function captureEvents(cluster: Cluster, folder: string): Promise<string> {
  const topics = await cluster.createTopics(PARTITIONS)
  const processor = await startProcessor(cluster, topics, folder)
  try {
    await fillTopic(cluster.kafka, topics.names.DATA_TOPIC, { partitions: PARTITIONS, records: EVENTS })
    const { body } = await fetch(`${processor.url}/notifications/stream?from=earliest`)
    const decoder = new TextDecoder()
    let frames: string[] = []
    let rest = ''
    for await (const chunk of body ?? []) {
      const parts = (rest + decoder.decode(chunk, { stream: true })).split('\n\n')
      rest = parts.pop() ?? ''
      frames = frames.concat(parts.filter((frame) => frame.startsWith('event: notification\n')))
      if (frames.length === EVENTS) break
    }
    return `${frames.join('\n\n')}\n\n`
  } finally {
    await processor.end()
  }
}

async function measureStreams(server: Started, write: () => Promise<unknown>): Promise<Figures> {
  const readers = await openReaders(server.port, READERS, EVENTS)
  try {
    const cpuBefore = server.cpuMs()
    await write()
    const { ms, delivered } = await readers.all()
    return {
      perSecond: (delivered * 1_000) / ms,
      cpuUs: ((server.cpuMs() - cpuBefore) * 1_000) / delivered,
      repeated: delivered - READERS * EVENTS,
    }
  } finally {
    readers.close()
    await server.end()
  }
}

async function measureOurs(cluster: Cluster, folder: string): Promise<Figures> {
  const topics = await cluster.createTopics(PARTITIONS)
  const processor = await startProcessor(cluster, topics, folder)
  return measureStreams(processor, () =>
    fillTopic(cluster.kafka, topics.names.DATA_TOPIC, { partitions: PARTITIONS, records: EVENTS }),
  )
}

async function measurePrepared(body: string): Promise<Figures> {
  const [port = 0] = await freePorts(1)
  const command = program('bench/servers/prepared-streams.ts')
  const service = await startService({ command, port, env: {}, role: 'product' })
  return measureStreams({ ...service, port, end: () => service.stop() }, () =>
    fetch(`${service.url}/prepared`, { method: 'POST', body }),
  )
}

export const streams: Comparison = {
  name: 'streams',
  measured: `a processor: ${EVENTS} outcomes to ${READERS} stream readers`,
  baseline: 'the same bytes, prepared, to as many sockets',
  shown: { perSecond: 'deliveries/s', cpuUs: 'CPU µs each', repeated: 'repeated' },
  ratios: [{ figure: 'perSecond', title: 'deliveries/s', better: 'more', target: 0.6 }],
  async prepare({ cluster, folder }) {
    const one = await cluster(1)
    const prepared = await captureEvents(one, folder)
    return {
      round: inTurn(
        () => measureOurs(one, folder),
        () => measurePrepared(prepared),
      ),
    }
  },
}
