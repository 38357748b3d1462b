import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { shortKafkaTool } from '../../kafka-tool.ts'

const run = promisify(execFile)

async function runTool(mainClass: string, args: string[]): Promise<string> {
  const [command, ...tool] = shortKafkaTool(mainClass)
  const { stdout, stderr } = await run(command, [...tool, ...args])
  // A group that read nothing has no position, and is soon removed.
  if (stderr.includes('GroupIdNotFoundException')) return ''
  if (/error|skip/i.test(stderr)) throw new Error(`${mainClass}: ${stderr.trim()}`)
  return stdout
}

/**
 * The end of each partition, from Kafka's own tool: the offset after its last record, marker or aborted
 * record.
 */
export async function logEnds(brokers: string[], topic: string): Promise<Map<number, number>> {
  const output = await runTool('org.apache.kafka.tools.GetOffsetShell', [
    `--bootstrap-server=${brokers.join(',')}`,
    `--topic-partitions=${topic}`,
  ])
  const rows = output.matchAll(/^.+:(\d+):(\d+)$/gm)
  return new Map([...rows].map(([, partition, offset]) => [Number(partition), Number(offset)]))
}

/** The position of a group in each partition, from Kafka's own tool. */
export async function groupPositions(
  brokers: string[],
  group: string,
  topic: string,
): Promise<Map<number, number>> {
  const output = await runTool('org.apache.kafka.tools.consumer.group.ConsumerGroupCommand', [
    `--bootstrap-server=${brokers.join(',')}`,
    '--describe',
    '--offsets',
    `--group=${group}`,
  ])
  const rows = output.split('\n').map((line) => line.trim().split(/\s+/))
  return new Map(
    rows
      .filter(([of, at]) => of === group && at === topic)
      .map(([, , partition, offset]) => [Number(partition), Number(offset)]),
  )
}
