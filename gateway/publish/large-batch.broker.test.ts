import { Kafka, logLevel } from 'kafkajs'
import { afterAll, expect, inject, test } from 'vitest'
import { problems } from '../../backbone/problem.ts'
import { homePartition } from '../../backbone/records/partition.ts'
import { checkoutOf } from '../../test/checkouts.ts'
import { createTopics } from '../../test/create-topics.ts'
import { readTopic } from '../../test/read-topic.ts'
import { createGateways } from '../../test/run-gateway.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import type { BatchResult } from '../checkout/accept-batch.ts'

const brokers = inject('kafkaBrokers')
const gateways = createGateways(brokers)
const limited = createGateways(brokers)
afterAll(() => Promise.all([gateways.stop(), limited.stop()]))

const post = (url: string, records: object[]) =>
  fetch(`${url}/checkout/batch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', traceparent: `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01` },
    body: JSON.stringify(records),
  })
const resultsOf = async (response: Response) =>
  ((await response.json()) as { results: BatchResult[] }).results

/** A checkout of one customer, each of whose fields must be corrected. */
function correctedCheckout(number: number): object {
  const { ubicacion, ...rest } = boughtQuickly
  const padded = (value: string) => `  ${value}  `
  return {
    ...rest,
    id: rest.id.toUpperCase(),
    nombre: padded(rest.nombre),
    apellido: padded(rest.apellido),
    edad: String(rest.edad),
    email: rest.email.replace('@mail.com', '@MAIL.COM'),
    telefono: padded(rest.telefono),
    ubicacion: Object.fromEntries(Object.entries(ubicacion).map(([name, value]) => [name, padded(value)])),
    productovisto: padded(`${rest.productovisto} ${'y sábanas '.repeat(20)}`),
    taps: '17.8',
    folio: padded(`ABC-${String(number).padStart(4, '0')}`),
  }
}

test.concurrent('1,000 checkouts of one customer that need every correction are stored, each once', async () => {
  const gateway = await gateways.start()
  await gateway.ready()
  const response = await post(
    gateway.url,
    Array.from({ length: 1_000 }, (_, number) => correctedCheckout(number)),
  )
  const results = await resultsOf(response)
  expect(results.find(({ status }) => status !== 202)).toBeUndefined()
  expect(response.status).toBe(202)
  const stored = await readTopic(brokers, gateways.topic)
  expect(stored.map(({ value }) => (JSON.parse(value) as { folio: string }).folio).toSorted()).toEqual(
    Array.from({ length: 1_000 }, (_, number) => `ABC-${String(number).padStart(4, '0')}`),
  )
  const bytes = stored.reduce((sum, { value, headers }) => sum + value.length + headers.length, 0)
  expect(bytes).toBeGreaterThan(1024 * 1024)
  expect(gateway.log.join('\n')).not.toContain('publishing failed')
}, 120_000)

test.concurrent('a checkout that is larger than the topic takes is rejected for good, and does not affect the rest of its batch', async () => {
  const admin = new Kafka({ brokers, logLevel: logLevel.NOTHING }).admin()
  await admin.connect()
  const configEntries = [{ name: 'max.message.bytes', value: '30000' }]
  await createTopics(admin, [{ topic: limited.topic, numPartitions: 6, configEntries }])
  await admin.disconnect()
  const gateway = await limited.start()
  await gateway.ready()

  const large = { ...checkoutOf('quick', 1), productovisto: 'x'.repeat(30_000) }
  const alone = await gateway.post(large)
  expect(alone.status).toBe(413)
  const problem = {
    type: 'urn:problem-type:checkout:record-too-large',
    title: problems['record-too-large'].title,
    status: 413,
    detail: expect.stringMatching(
      new RegExp(
        `^As a record it has 30[0-9]{3} bytes, more than max.message.bytes of the topic ${limited.topic} allows$`,
      ),
    ),
  }
  expect(await alone.json()).toEqual(problem)

  // One customer: all of them would go to one partition, in one batch.
  const others = Array.from({ length: 200 }, (_, number) => ({
    ...checkoutOf('quick', number),
    id: large.id,
  }))
  const mixed = await post(gateway.url, [...others.slice(0, 100), large, ...others.slice(100)])
  expect(mixed.status).toBe(207)
  const results = await resultsOf(mixed)
  expect(results.map(({ status }) => status)).toEqual(
    Array.from({ length: 201 }, (_, index) => (index === 100 ? 413 : 202)),
  )
  expect(results[100]).toEqual({ status: 413, retry: false, problem })
  const stored = await readTopic(brokers, limited.topic)
  expect(stored).toHaveLength(200)
  expect(new Set(stored.map(({ value }) => value)).size).toBe(200)
  expect(new Set(stored.map(({ partition }) => partition))).toEqual(
    new Set([homePartition(large.id, 'purchase', 6)]),
  )
  expect(gateway.log.join('\n')).not.toContain('publishing failed')
}, 120_000)
