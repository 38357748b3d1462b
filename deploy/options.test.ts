import { describe, expect, test } from 'vitest'
import { help, parseOptions } from './options.ts'

describe('parseOptions', () => {
  test('has a default for everything', () => {
    expect(parseOptions([], {})).toEqual({
      kind: 'options',
      options: {
        port: 8080,
        processorPort: 8090,
        kafkaPort: undefined,
        data: '.data',
        brokers: 1,
        gateways: 1,
        processors: 2,
        kafkaBrokers: undefined,
        demo: true,
      },
    })
  })

  test('accepts every flag', () => {
    const flags =
      '--port 1 --processor-port 7 --kafka-port=2 --data d --brokers 3 --gateways 4 --processors 5'
    expect(parseOptions(flags.split(' '), {})).toMatchObject({
      options: {
        port: 1,
        processorPort: 7,
        kafkaPort: 2,
        data: 'd',
        brokers: 3,
        gateways: 4,
        processors: 5,
      },
    })
  })

  test('processors follow the port of the gateway', () => {
    expect(parseOptions(['--port', '9000'], {})).toMatchObject({ options: { processorPort: 9010 } })
  })

  test('reports all faults at once, with the most similar flag', () => {
    const flags = 'more --nope --gateway 2 --port 65536 --brokers 2 --gateways 0 --processors 1.5 --data'
    expect(parseOptions(flags.split(' '), {})).toEqual({
      kind: 'faults',
      faults: [
        '--data requires a value',
        '--nope is unknown',
        '--gateway is unknown, did you mean --gateways?',
        expect.stringMatching(/^more is not a flag; npm passes on .*npm start -- --port 8081$/),
        "--brokers must be 1 or 3, not '2'",
        "--processors must be 1 to 64, not '1.5'",
        "--port must be 1 to 65461, not '65536'",
        "--gateways must be 1 to 64, not '0'",
      ],
    })
  })

  test('rejects flags of its own Kafka together with KAFKA_BROKERS', () => {
    const env = { KAFKA_BROKERS: 'kafka:9092' }
    expect(parseOptions([], env)).toMatchObject({ options: { kafkaBrokers: 'kafka:9092' } })
    expect(parseOptions(['--brokers', '1'], env)).toEqual({
      kind: 'faults',
      faults: ['--brokers has no effect, KAFKA_BROKERS is set'],
    })
  })

  test.each(['--help', '-h'])('%s shows the help whatever else is wrong', (flag) => {
    expect(parseOptions(['--port', 'x', flag], {})).toEqual({ kind: 'help' })
    expect(help).toContain('--kafka-port')
  })
})

test.each([
  [{}, true],
  [{ KAFKA_BROKERS: 'kafka:9092' }, false],
  [{ KAFKA_BROKERS: 'kafka:9092', DEMO: 'true' }, true],
  [{ DEMO: 'false' }, false],
])('with %j, the demonstration shop is served: %s', (env, demo) => {
  expect(parseOptions([], env)).toMatchObject({ options: { demo } })
})
