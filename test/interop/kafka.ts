import { join } from 'node:path'
import type { Codec } from '../foreign-clients/client-program.ts'
import { type ForeignClient, testForeignClients } from '../foreign-clients/contract.ts'

const folder = join(import.meta.dirname, 'kafka')
const codecs: Codec[] = ['none', 'gzip', 'snappy', 'lz4', 'zstd']
const able = { codecs, hasTransactions: true, readsCommitted: true }

const python = (client: string): ForeignClient['command'] => [
  join(import.meta.dirname, '.venv/bin/python'),
  join(folder, 'clients.py'),
  client,
]

/** Python finds packages there before those of its environment. */
const second = { PYTHONPATH: join(folder, '.kafka-python-2') }
const caseStudy = {
  command: python('case-study'),
  codecs: ['none' as const],
  isPlain: true,
  hasTransactions: false,
  readsCommitted: false,
}

const clients: Record<string, ForeignClient[]> = {
  python: [
    { ...able, name: 'kafka-python 3.0', command: python('kafka-python') },
    {
      ...able,
      name: 'kafka-python 2.0',
      command: python('kafka-python'),
      env: second,
      hasTransactions: false,
      readsCommitted: false,
    },
    { ...caseStudy, name: 'the producer of the case study, kafka-python 3.0' },
    { ...caseStudy, name: 'the producer of the case study, kafka-python 2.0', env: second },
    { ...able, name: 'confluent-kafka 2.16', command: python('confluent-kafka') },
    { ...able, name: 'aiokafka 0.14', command: python('aiokafka') },
  ],
  go: [{ ...able, name: 'franz-go 1.22', command: [join(folder, 'clients')] }],
}

testForeignClients(clients[process.env['INTEROP'] ?? ''] ?? [])
