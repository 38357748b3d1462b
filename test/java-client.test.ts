import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from 'vitest'
import { compileJava } from './foreign-clients/compile-java.ts'
import { testForeignClients } from './foreign-clients/contract.ts'
import { jarFolder, shortKafkaTool } from './kafka-tool.ts'

const classes = mkdtempSync(join(tmpdir(), 'java-client-'))
const source = join(import.meta.dirname, 'foreign-clients/KafkaClient.java')

beforeAll(() => compileJava(source, jarFolder(), classes), 120_000)
afterAll(() => rmSync(classes, { recursive: true }))

testForeignClients([
  {
    name: 'Java kafka-clients',
    command: shortKafkaTool('KafkaClient', classes),
    codecs: ['none', 'gzip', 'snappy', 'lz4', 'zstd'],
    hasTransactions: true,
    readsCommitted: true,
  },
])
