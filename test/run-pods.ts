import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, vi } from 'vitest'
import { type Child, createChild } from '../deploy/child.ts'
import type { Manifest } from '../deploy/kubernetes/read-overlay.ts'
import { containerOf, environmentOf, podOf, type Workload } from '../deploy/kubernetes/workloads.ts'
import { freePorts } from '../deploy/ports.ts'
import { startWatchdog } from '../deploy/watchdog.ts'

const root = join(import.meta.dirname, '..')
/** More than the probes allow in all: this machine may be busy. */
const PROBED_WITHIN_MS = 60_000

export interface Pod {
  name: string
  url: string
  child: Child
  /** Resolves when the container answers its probe with 200. */
  probed(probe: 'startupProbe' | 'livenessProbe' | 'readinessProbe'): Promise<void>
  log(): string
}

interface PodsOptions {
  manifests: readonly Manifest[]
  folder: string
  brokers: string
  /** By name, their keys with content. */
  secrets: Record<string, Record<string, string>>
}

/**
 * Runs containers of pods as processes of this machine, with the command and the environment of their manifests. Only what
 * a cluster gives them differs: addresses, ports, and the folders of their volumes.
 */
export function createPods({ manifests, folder, brokers, secrets }: PodsOptions) {
  const watchdog = startWatchdog(folder)
  const urls = new Map<string, string>()

  /** The value of a setting with local addresses, ports and folders. */
  function localValue(
    name: string,
    value: string,
    port: number,
    folders: ReadonlyMap<string, string>,
  ): string {
    if (name === 'PORT') return String(port)
    if (name === 'KAFKA_BROKERS') return brokers
    if (name === 'PROCESSOR_URLS')
      return value
        .split(',')
        .flatMap((url) => urls.get(url) ?? [])
        .join(',')
    const mounted = [...folders].find(([path]) => value.startsWith(`${path}/`))
    return mounted ? value.replace(...mounted) : value
  }

  return {
    /** Starts one pod of the workload; gateways know the processors that were started before. */
    async start(workload: Workload, podName: string): Promise<Pod> {
      const [port = 0] = await freePorts(1)
      const container = containerOf(workload)
      const folders = mountVolumes(workload, join(folder, podName), secrets)
      const environment = environmentOf(workload, manifests, podName)
      const url = `http://127.0.0.1:${port}`
      urls.set(`http://${podName}.${workload.spec.serviceName}:${environment['PORT']}`, url)
      const [program = '', ...args] = container.args
      const logFile = join(folder, `${podName}.log`)
      const child = createChild({
        name: podName,
        stage: program.startsWith('gateway') ? 'gateway' : 'processor',
        command: process.execPath,
        args: [join(root, program), ...args],
        env: Object.fromEntries(
          Object.entries(environment).map(([name, value]) => [name, localValue(name, value, port, folders)]),
        ),
        logFile,
        watchdog,
      })
      child.start()
      return {
        name: podName,
        url,
        child,
        log: () => readFileSync(logFile, 'utf8'),
        async probed(probe) {
          const address = `${url}${container[probe].httpGet.path}`
          const answer = async () => expect((await fetch(address)).status).toBe(200)
          await vi.waitFor(answer, { timeout: PROBED_WITHIN_MS, interval: 100 })
        },
      }
    },

    async stop(): Promise<void> {
      await watchdog.drain()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

/** By the path in the container, the folder of each volume on this machine. */
function mountVolumes(
  workload: Workload,
  folder: string,
  secrets: PodsOptions['secrets'],
): Map<string, string> {
  return new Map(
    containerOf(workload).volumeMounts.map(({ name, mountPath }) => {
      const path = join(folder, name)
      mkdirSync(path, { recursive: true })
      const { secret } = podOf(workload).volumes.find((volume) => volume.name === name) ?? {}
      for (const { key, path: file } of secret?.items ?? []) {
        const content = secrets[secret?.secretName ?? '']?.[key]
        if (content === undefined) throw new Error(`there is no secret ${secret?.secretName} with ${key}`)
        writeFileSync(join(path, file), content)
      }
      return [mountPath, path]
    }),
  )
}

export const randomSecret = (): string => randomBytes(16).toString('hex')
