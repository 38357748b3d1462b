import { answerCalls } from '../load/answer-calls.ts'
import { createLink, type Link } from './link.ts'
import type { NetworkCalls } from './network.ts'

const links = new Map<string, Link>()

answerCalls({
  async link(name, targetPort, listenPort) {
    const link = createLink(targetPort, listenPort)
    await link.listen()
    links.set(name, link)
  },
  async set(name, toxic) {
    await links.get(name)?.set(toxic)
  },
  async clear(name) {
    await links.get(name)?.clear()
  },
  traffic: () => Object.fromEntries([...links].map(([name, link]) => [name, link.traffic()])),
  close() {
    for (const link of links.values()) link.close()
  },
} satisfies NetworkCalls)
