import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { closeSync, createReadStream, mkdtempSync, openSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kafkaTool } from '../../kafka-tool.ts'
import { groupPositions, logEnds } from './log-ends.ts'
import type { LoggedRecord } from './logged-record.ts'
import { parseRecord, separators } from './parse-record.ts'
import { splitBytes } from './split-bytes.ts'
import { toolFlags } from './tool-flags.ts'

interface ReadOptions {
  brokers: string[]
  topic: string
  /** Called in offset order within a partition. */
  onRecord: (record: LoggedRecord) => void
  /**
   * How long the consumer waits for another record before it ends; the next value is used if it ended too
   * early.
   */
  patienceMs?: readonly number[]
}

// On a busy machine the first record may take longer.
const PATIENCE_MS = [6_000, 40_000]
const CHUNK_BYTES = 2 ** 20
const RECORD_BYTE = separators.record.charCodeAt(0)

/**
 * Passes on all committed records of a topic, read by Kafka's own console consumer: no code is shared with
 * the product. The consumer ends when no record arrives for a while, which may also be caused by a slow
 * broker. Offsets of records do not prove completeness, because the last ones may be markers or aborted. So
 * it reads with its own group and commits its position, which includes those; rejects if the position of a
 * partition is before its end.
 */
export async function readLog({
  brokers,
  topic,
  onRecord,
  patienceMs = PATIENCE_MS,
}: ReadOptions): Promise<void> {
  const ends = await logEnds(brokers, topic)
  if (ends.size === 0) throw new Error(`${topic}: there is no such topic`)
  const forward = onlyForward(onRecord)
  let unread: string[] = []
  for (const idleMs of patienceMs) {
    const group = `judge-${randomUUID()}`
    await consume(brokers, topic, group, idleMs, forward)
    const positions = await groupPositions(brokers, group, topic)
    unread = [...ends]
      .filter(([partition, end]) => end > (positions.get(partition) ?? 0))
      .map(([partition, end]) => `partition ${partition} up to ${positions.get(partition) ?? 0} of ${end}`)
    if (unread.length === 0) return
  }
  throw new Error(`${topic} was not read to its end: ${unread.join(', ')}`)
}

/** Through a file: the consumer writes each field separately, and a pipe would wake both sides for each. */
async function consume(
  brokers: string[],
  topic: string,
  group: string,
  idleMs: number,
  onRecord: (record: LoggedRecord) => void,
): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'judge-'))
  const file = join(folder, topic)
  try {
    await printLog(brokers, topic, group, idleMs, file)
    await splitBytes(createReadStream(file, { highWaterMark: CHUNK_BYTES }), RECORD_BYTE, (bytes) => {
      const record = parseRecord(bytes)
      if (!record)
        throw new Error(`${topic}: the console consumer printed ${bytes.length} bytes that are no record`)
      onRecord(record)
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
}

async function printLog(
  brokers: string[],
  topic: string,
  group: string,
  idleMs: number,
  file: string,
): Promise<void> {
  const [command, ...tool] = kafkaTool('org.apache.kafka.tools.consumer.ConsoleConsumer')
  const properties = [
    ...['timestamp', 'partition', 'offset', 'headers', 'key', 'value'].map((name) => `print.${name}=true`),
    `key.separator=${separators.field}`,
    `line.separator=${separators.record}`,
    `headers.separator=${separators.header}`,
  ]
  const args = [
    ...toolFlags,
    ...tool,
    `--bootstrap-server=${brokers.join(',')}`,
    `--topic=${topic}`,
    `--group=${group}`,
    '--from-beginning',
    '--isolation-level=read_committed',
    `--timeout-ms=${idleMs}`,
    ...properties.flatMap((property) => ['--formatter-property', property]),
  ]
  const output = openSync(file, 'w')
  const consumer = spawn(command, args, { stdio: ['ignore', output, 'pipe'] })
  closeSync(output)
  let said = ''
  consumer.stderr?.on('data', (chunk: Buffer) => {
    said = `${said}${chunk.toString()}`.slice(-2_000)
  })
  const [code] = (await once(consumer, 'close')) as [number | null]
  if (code !== 0) throw new Error(`${topic}: the console consumer ended with ${code}: ${said.trim()}`)
}

// A group that lost its membership reads again from its last commit, and a second attempt from the beginning;
// the record at an offset is the same.
function onlyForward(onRecord: (record: LoggedRecord) => void) {
  const read = new Map<number, number>()
  return (record: LoggedRecord): void => {
    if (record.offset <= (read.get(record.partition) ?? -1)) return
    read.set(record.partition, record.offset)
    onRecord(record)
  }
}
