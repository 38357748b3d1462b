import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { shortKafkaTool } from './kafka-tool.ts'

/**
 * Writes plain records, one per line, with Kafka's own console producer: without a key, to any partition, and
 * without headers unless `properties` define their format.
 */
export async function writeTopic(
  brokers: string[],
  topic: string,
  lines: string[],
  codec = 'none',
  properties: Record<string, string> = {},
): Promise<void> {
  const [command, ...args] = shortKafkaTool('org.apache.kafka.tools.ConsoleProducer')
  const producer = spawn(
    command,
    [
      ...args,
      `--bootstrap-server=${brokers.join(',')}`,
      `--topic=${topic}`,
      `--compression-codec=${codec}`,
      ...Object.entries(properties).flatMap(([name, value]) => ['--reader-property', `${name}=${value}`]),
    ],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
    },
  )
  producer.stdin.end(`${lines.join('\n')}\n`)
  const [code] = (await once(producer, 'exit')) as [number]
  if (code !== 0) throw new Error(`the console producer ended with ${code}`)
}
