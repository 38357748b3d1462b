import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import type { TopicRecord } from '../read-topic.ts'

export type Codec = 'none' | 'gzip' | 'snappy' | 'lz4' | 'zstd'

/** A program that writes and reads records with a client library of another language; its usage is in each one's source. */
export interface ClientProgram {
  command: readonly [string, ...string[]]
  env?: NodeJS.ProcessEnv
}

export interface SentRecord {
  key: Buffer | null
  value: Buffer | null
  headers: [name: string, value: Buffer | null][]
  /** Epoch milliseconds; undefined: the client's clock. */
  timestamp?: number
  /** Undefined: the client's partitioner chooses. */
  partition?: number
}

/** Records that one producer sends. */
export interface SentBatch {
  codec: Codec
  transaction?: 'commit' | 'abort'
  records: SentRecord[]
}

export interface Position {
  partition: number
  offset: number
}

interface ReadRecord extends Position {
  topic: string
  key: string | null
  value: string | null
  headers: [name: string, value: string | null][]
}

const encode = (content: Buffer | null): string | null => content?.toString('base64') ?? null
const decode = (content: string | null): Buffer | null =>
  content === null ? null : Buffer.from(content, 'base64')

/** Where each record of each batch was stored. */
export async function produce(
  program: ClientProgram,
  brokers: string[],
  topic: string,
  batches: SentBatch[],
): Promise<Position[][]> {
  const input = batches.map(({ codec, transaction = null, records }) => ({
    codec,
    transaction,
    records: records.map(({ key, value, headers, timestamp = null, partition = null }) => ({
      key: encode(key),
      value: encode(value),
      headers: headers.map(([name, content]) => [name, encode(content)]),
      timestamp,
      partition,
    })),
  }))
  const lines = await run(program, [brokers.join(','), 'produce', topic], input)
  return lines.map((positions) =>
    (positions as [number, number][]).map(([partition, offset]) => ({ partition, offset })),
  )
}

interface RecordOfTopic extends Omit<TopicRecord, 'timestamp'> {
  topic: string
}

/** As many committed records of each topic as are asked for, from its beginning on, in the form of `readTopic`. */
export async function read(
  program: ClientProgram,
  brokers: string[],
  counts: Record<string, number>,
): Promise<RecordOfTopic[]> {
  const lines = await run(
    program,
    [brokers.join(','), 'read', ...Object.entries(counts).flat().map(String)],
    [],
  )
  return (lines as ReadRecord[]).map(({ topic, partition, offset, key, value, headers }) => ({
    topic,
    partition,
    offset,
    key: String(decode(key)),
    value: String(decode(value)),
    headers: headers.map(([name, content]) => `${name}:${String(decode(content))}`).join(','),
  }))
}

async function run(
  { command, env = {} }: ClientProgram,
  args: string[],
  input: unknown[],
): Promise<unknown[]> {
  const [executable, ...ownArgs] = command
  const child = spawn(executable, [...ownArgs, ...args], { env: { ...process.env, ...env } })
  child.stdin.end(input.map((line) => `${JSON.stringify(line)}\n`).join(''))
  const [output, errors, [code]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'exit') as Promise<[number | null]>,
  ])
  if (code !== 0) throw new Error(`${command.join(' ')} ${args.join(' ')} ended with ${code}: ${errors}`)
  return output
    .split('\n')
    .filter((line) => line !== '')
    .map((line): unknown => JSON.parse(line))
}
