import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { OpenClient } from '../event-source-clients.ts'
import { testClients } from '../read-through-cuts.ts'

const here = import.meta.dirname

/** A client in a separate program, which prints the events that its user receives. */
const program =
  (command: string, ...args: string[]): OpenClient =>
  (url, handle) => {
    const child = spawn(command, [...args, url], { stdio: ['ignore', 'pipe', 'inherit'] })
    createInterface(child.stdout).on('line', (line) => {
      const { event, data } = JSON.parse(line) as { event: string; data: string }
      handle(event, data)
    })
    return () => child.kill()
  }

const python = (client: string) => program(join(here, '.venv/bin/python'), join(here, 'clients.py'), client)
const go = (client: string) => program(join(here, 'clients'), client)

const clients: Record<string, Record<string, OpenClient>> = {
  python: {
    'requests-sse 0.5': python('requests-sse'),
    'sseclient-py 1.9': python('sseclient-py'),
    'httpx-sse 0.4': python('httpx-sse'),
  },
  go: {
    'launchdarkly/eventsource 1.11': go('launchdarkly'),
    'tmaxmax/go-sse 0.12': go('tmaxmax'),
  },
}

testClients(clients[process.env['INTEROP'] ?? ''] ?? {})
