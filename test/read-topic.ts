import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { type Admin, Kafka, KafkaJSError, logLevel, type SeekEntry } from 'kafkajs'
import { shortKafkaTool } from './kafka-tool.ts'

const TIMESTAMP = /^(?:CreateTime|LogAppendTime):/
/** On a busy machine the first record may take long. */
const PATIENCE_MS = 60_000
const COMMIT_INTERVAL_MS = 50

export interface TopicRecord {
  /** Epoch milliseconds, by the clock that the topic uses. */
  timestamp: number
  partition: number
  offset: number
  headers: string
  key: string
  value: string
}

/** The committed records that a topic has now, read by Kafka's own console consumer: no code is shared with the product. */
export async function readTopic(brokers: string[], topic: string): Promise<TopicRecord[]> {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  try {
    const ends = (await admin.fetchTopicOffsets(topic)).filter(({ high }) => high !== '0')
    if (ends.length === 0) return []
    const groupId = `read-topic-${randomUUID()}`
    return await readUntil(startConsumer(brokers, topic, groupId), () => isAtEnd(admin, topic, groupId, ends))
  } finally {
    await admin.disconnect()
  }
}

async function readUntil(consumer: Consumer, isDone: () => Promise<boolean>): Promise<TopicRecord[]> {
  const exited = once(consumer, 'exit')
  const output = text(consumer.stdout)
  try {
    while (!(await isDone())) {
      const end = consumer.exitCode ?? consumer.signalCode
      if (end !== null) throw new Error(`the console consumer ended with ${end}`)
      await new Promise((resolve) => setTimeout(resolve, COMMIT_INTERVAL_MS))
    }
  } finally {
    consumer.kill()
    await exited
  }
  return parseRecords(await output)
}

type Consumer = ChildProcessByStdio<null, Readable, null>

function startConsumer(brokers: string[], topic: string, groupId: string): Consumer {
  const [command, ...tool] = shortKafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer')
  const fields = ['timestamp', 'partition', 'offset', 'headers', 'key', 'value']
  const args = [
    ...tool,
    `--bootstrap-server=${brokers.join(',')}`,
    `--topic=${topic}`,
    `--group=${groupId}`,
    `--command-property=auto.commit.interval.ms=${COMMIT_INTERVAL_MS}`,
    '--from-beginning',
    '--isolation-level=read_committed',
    `--timeout-ms=${PATIENCE_MS}`,
    ...fields.flatMap((field) => ['--formatter-property', `print.${field}=true`]),
  ]
  return spawn(command, args, { stdio: ['ignore', 'pipe', 'ignore'] })
}

/** The consumer commits what it has printed; its positions also move past aborted records and transaction markers. */
async function isAtEnd(admin: Admin, topic: string, groupId: string, ends: SeekEntry[]): Promise<boolean> {
  const [group] = await admin.fetchOffsets({ groupId, topics: [topic] }).catch((error: unknown) => {
    // After a broker has started, its groups have no coordinator for a moment.
    if (error instanceof KafkaJSError && error.retriable) return []
    throw error
  })
  const positions = new Map(group?.partitions.map(({ partition, offset }) => [partition, Number(offset)]))
  return ends.every(({ partition, offset }) => (positions.get(partition) ?? 0) >= Number(offset))
}

const parseRecords = (output: string): TopicRecord[] =>
  output
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
