import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LaunchError } from '../launch-error.ts'
import { replaceFile } from '../replace-file.ts'
import { newUuid } from './kafka-uuid.ts'

/** How a data folder was created; Kafka's own files show it only after a failed start. */
export interface Cluster {
  version: string
  brokers: number
  id: string
}

/** The cluster of `folder`, created when there is none. */
export function openDataFolder(folder: string, version: string, brokers: number): Cluster {
  mkdirSync(folder, { recursive: true })
  const marker = join(folder, 'kafka.json')
  if (!existsSync(marker)) {
    const cluster = { version, brokers, id: newUuid() }
    replaceFile(marker, JSON.stringify(cluster))
    return cluster
  }
  const cluster = readMarker(marker)
  if (cluster?.version !== version) {
    throw new LaunchError(
      `${folder} holds data of Kafka ${cluster?.version ?? 'in an unknown version'}, this is ${version}: choose another folder (--data), or remove it`,
    )
  }
  if (cluster.brokers !== brokers) {
    throw new LaunchError(
      `${folder} holds data of ${cluster.brokers} broker(s), not ${brokers}: start it with --brokers ${cluster.brokers}, or choose another folder (--data)`,
    )
  }
  return cluster
}

function readMarker(path: string): Cluster | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8'))
  } catch {
    return undefined
  }
}
