import { describe, expect, test } from 'vitest'
import { help, parseOptions } from './options.ts'

describe('parseOptions', () => {
  test('has a default for everything', () => {
    expect(parseOptions([], {})).toEqual({
      kind: 'options',
      options: {
        port: 8080,
        kafkaPort: undefined,
        data: '.data',
        brokers: 1,
        gateways: 1,
        processors: 2,
        kafkaBrokers: undefined,
      },
    })
  })

  test('takes every flag', () => {
    const flags = '--port 1 --kafka-port=2 --data d --brokers 3 --gateways 4 --processors 5'
    expect(parseOptions(flags.split(' '), {})).toMatchObject({
      options: { port: 1, kafkaPort: 2, data: 'd', brokers: 3, gateways: 4, processors: 5 },
    })
  })

  test('names all faults at once', () => {
    const flags = 'more --nope --port 65536 --brokers 2 --gateways 0 --processors 1.5 --data'
    expect(parseOptions(flags.split(' '), {})).toEqual({
      kind: 'faults',
      faults: [
        'more: not a flag',
        '--nope: no such flag',
        '--brokers: 1 or 3 is wanted',
        '--data: a folder is wanted',
        '--port: a number from 1 to 65535 is wanted',
        '--gateways: a number from 1 to 64 is wanted',
        '--processors: a number from 1 to 64 is wanted',
      ],
    })
  })

  test('refuses flags for a Kafka of its own beside KAFKA_BROKERS', () => {
    const env = { KAFKA_BROKERS: 'kafka:9092' }
    expect(parseOptions([], env)).toMatchObject({ options: { kafkaBrokers: 'kafka:9092' } })
    expect(parseOptions(['--brokers', '1'], env)).toEqual({
      kind: 'faults',
      faults: ['--brokers: of no use, KAFKA_BROKERS is set'],
    })
  })

  test('shows the help whatever else is wrong', () => {
    expect(parseOptions(['--port', 'x', '--help'], {})).toEqual({ kind: 'help' })
    expect(help).toContain('--kafka-port')
  })
})
