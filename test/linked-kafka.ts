import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startKafka } from '../deploy/kafka/start-kafka.ts'
import { freePorts } from '../deploy/ports.ts'
import { startWatchdog } from '../deploy/watchdog.ts'
import { startNetwork } from './faults/network/network.ts'

/** Three brokers with a second listener, which clients reach through links. Brokers reach each other without them. */
export async function startLinkedKafka(name: string) {
  const dataDir = mkdtempSync(join(tmpdir(), `${name}-`))
  const watchdog = startWatchdog(dataDir)
  const network = startNetwork()
  const ports = await freePorts(6)
  const [linkPort, linkedPort] = [(id: number) => ports[id - 1] ?? 0, (id: number) => ports[id + 2] ?? 0]
  const linkName = (id: number) => `broker-${id}`
  const { bootstrap, brokers } = await startKafka({
    dataDir,
    brokers: 3,
    watchdog,
    log: () => undefined,
    properties: ({ id, port, controllerPort }) => ({
      listeners:
        `BROKER://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort},` +
        `LINKED://127.0.0.1:${linkedPort(id)}`,
      'advertised.listeners': `BROKER://127.0.0.1:${port},LINKED://127.0.0.1:${linkPort(id)}`,
      'listener.security.protocol.map': 'BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT,LINKED:PLAINTEXT',
    }),
  })
  for (const { id } of brokers) await network.link(linkName(id), { port: linkedPort(id) }, linkPort(id))
  return {
    /** Without links. */
    bootstrap,
    links: brokers.map(({ id }) => `127.0.0.1:${linkPort(id)}`),
    brokers,
    network,
    linkName,
    async stop(): Promise<void> {
      await watchdog.drain()
      await network.close()
      rmSync(dataDir, { recursive: true })
    },
  }
}
