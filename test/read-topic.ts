import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, vi } from 'vitest'
import { kafkaTool } from './kafka-tool.ts'

const run = promisify(execFile)
const TIMESTAMP = /^(?:CreateTime|LogAppendTime):/

export interface TopicRecord {
  /** Epoch milliseconds, by the clock that the topic uses. */
  timestamp: number
  partition: number
  offset: number
  headers: string
  key: string
  value: string
}

/** {@link readTopic}, once it has the required number of records: on a busy machine it may begin too late. */
export const readWholeTopic = (brokers: string[], topic: string, records: number): Promise<TopicRecord[]> =>
  vi.waitFor(
    async () => {
      const read = await readTopic(brokers, topic)
      expect(read).toHaveLength(records)
      return read
    },
    { timeout: 60_000 },
  )

/**
 * All committed records of a topic, read by Kafka's own console consumer: no code is shared with the product.
 */
export async function readTopic(brokers: string[], topic: string): Promise<TopicRecord[]> {
  const [command, ...tool] = kafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer')
  const properties = { timestamp: true, partition: true, offset: true, headers: true, key: true, value: true }
  const formatting = Object.entries(properties).flatMap(([name, on]) => [
    '--formatter-property',
    `print.${name}=${on}`,
  ])
  const { stdout } = await run(
    command,
    [
      ...tool,
      `--bootstrap-server=${brokers.join(',')}`,
      `--topic=${topic}`,
      '--from-beginning',
      '--isolation-level=read_committed',
      '--timeout-ms=5000',
      ...formatting,
    ],
    { maxBuffer: 2 ** 30 },
  )
  return stdout
    .split('\n')
    .filter((line) => TIMESTAMP.test(line))
    .map((line) => {
      const [timestamp = '', partition = '', offset = '', headers = '', key = '', ...value] = line.split('\t')
      return {
        timestamp: Number(timestamp.replace(TIMESTAMP, '')),
        partition: Number(partition.slice('Partition:'.length)),
        offset: Number(offset.slice('Offset:'.length)),
        headers: headers.replace(/^NO_HEADERS$/, ''),
        key,
        value: value.join('\t'),
      }
    })
}
