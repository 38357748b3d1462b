import { randomUUID } from 'node:crypto'
import fastify from 'fastify'
import { Kafka, logLevel, Partitioners } from 'kafkajs'

// A minimal gateway: a schema, a send for each request, 202 when it is acknowledged.

const text = { type: 'string', minLength: 1 }
const checkout = {
  type: 'object',
  required: ['id', 'nombre', 'apellido', 'edad', 'email', 'telefono', 'ubicacion', 'productovisto'],
  properties: {
    id: { type: 'string', pattern: '^[0-9a-f]{24}$' },
    nombre: text,
    apellido: text,
    edad: { type: 'integer', minimum: 0, maximum: 130 },
    email: { type: 'string', format: 'email' },
    telefono: text,
    ubicacion: {
      type: 'object',
      required: ['direccion', 'ciudad', 'pais'],
      properties: { direccion: text, ciudad: text, pais: text },
    },
    productovisto: text,
    taps: { type: ['number', 'null'], minimum: 0 },
    folio: { type: ['string', 'null'], pattern: '^[A-Z]{3}-[0-9]{4}$' },
  },
}

const kafka = new Kafka({ brokers: process.env.KAFKA_BROKERS.split(','), logLevel: logLevel.ERROR })
const producer = kafka.producer({
  idempotent: true,
  maxInFlightRequests: 5,
  createPartitioner: Partitioners.DefaultPartitioner,
})
await producer.connect()

const app = fastify()
app.get('/health/ready', () => ({ status: 'ready' }))
app.post('/checkout', { schema: { body: checkout } }, async ({ body }, reply) => {
  const eventId = randomUUID()
  const [stored] = await producer.send({
    topic: process.env.DATA_TOPIC,
    acks: -1,
    messages: [{ key: body.id, value: JSON.stringify(body), headers: { 'event-id': eventId } }],
  })
  return reply.code(202).send({ eventId, partition: stored.partition, offset: Number(stored.baseOffset) })
})
await app.listen({ host: '127.0.0.1', port: Number(process.env.PORT) })
