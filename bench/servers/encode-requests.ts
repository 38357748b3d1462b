import { createRequire } from 'node:module'
import { encodeProduce } from '../../backbone/kafka/encode-produce.ts'
import { header } from '../../backbone/records/headers.ts'
import { sampleCheckout } from '../../backbone/records/sample-checkout.ts'

// Arguments: whose encoder, and the number of records. Encodes requests like those of a gateway, and prints the processor
// time of each record in one line.

const [whose = '', count = ''] = process.argv.slice(2)
const PARTITIONS = 6
const RECORDS_A_PARTITION = 40
const RECORDS_A_REQUEST = PARTITIONS * RECORDS_A_PARTITION
const WARM_UP_REQUESTS = 500

type Encode = (request: object) => { encode: () => Promise<unknown> }
const encodeByKafkajs = createRequire(import.meta.url)(
  'kafkajs/src/protocol/requests/produce/v3/request.js',
) as Encode

const idOf = (number: number) => number.toString(16).padStart(24, '0')

const recordOf = (number: number) => ({
  key: idOf(number),
  value: JSON.stringify({ ...sampleCheckout, id: idOf(number) }),
  headers: {
    [header.eventId]: `bench-${idOf(number)}`,
    [header.receivedAt]: '2026-11-30T12:00:00.000Z',
    [header.receivedBy]: `gateway-1 ${idOf(number)}`,
  },
})

const request = {
  acks: -1,
  timeout: 5_000,
  producerId: '4001',
  producerEpoch: 1,
  topicData: [
    {
      topic: 'DataTopic',
      partitions: Array.from({ length: PARTITIONS }, (_, partition) => ({
        partition,
        firstSequence: 0,
        messages: Array.from({ length: RECORDS_A_PARTITION }, (_record, index) =>
          recordOf(partition * RECORDS_A_PARTITION + index),
        ),
      })),
    },
  ],
}

const encode =
  whose === 'kafkajs'
    ? () => encodeByKafkajs(request).encode()
    : () => Promise.resolve(encodeProduce(request, Date.now()))

for (let n = 0; n < WARM_UP_REQUESTS; n++) await encode()
const requests = Math.ceil(Number(count) / RECORDS_A_REQUEST)
const before = process.cpuUsage()
for (let n = 0; n < requests; n++) await encode()
const { user, system } = process.cpuUsage(before)
console.log(JSON.stringify({ cpuUs: (user + system) / (requests * RECORDS_A_REQUEST) }))
