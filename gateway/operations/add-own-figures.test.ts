import { describe, expect, test } from 'vitest'
import { broadcastTicks } from '../../backbone/operations/broadcast-ticks.ts'
import type { OperationsTick } from '../../backbone/operations/system-state.ts'
import { gateway, processor, type Simulation, simulate } from '../../backbone/operations/testing/simulate.ts'
import { readFrames } from '../../processor/testing/frames.ts'
import { addToState, addToStream } from './add-own-figures.ts'

const answers = (second: number) => ({ gateway: { answers: { purchase: { 202: 100, 503: second * 10 } } } })
const fault = { faults: [{ check: 'kafka', detail: 'Kafka does not answer', status: 'fail' as const }] }

/** A processor and a gateway, of which the processor gets no figures while Kafka is away. */
function outage() {
  const atProcessor = simulate()
  const publish = (system: Simulation) => () => {
    system.publish(gateway('gateway-1', { gateway: { answers: { purchase: { 202: 100 } } } }))
    system.publish(gateway('gateway-2'))
    system.publish(processor('processor-1', { 0: 0 }))
  }
  atProcessor.run(10, publish(atProcessor))
  atProcessor.run(8, () => atProcessor.model.kafkaFails(atProcessor.at(atProcessor.seconds())))
  const atGateway = simulate({ partial: true })
  atGateway.run(1, () => atGateway.publish(gateway('gateway-1')))
  atGateway.run(17, (second) => atGateway.publish(gateway('gateway-1', { ...answers(second), ...fault })))
  return { whole: atProcessor.tick(), own: atGateway.tick(), atProcessor }
}

const added = ({ whole, own }: { whole: OperationsTick; own: OperationsTick }) =>
  JSON.parse(addToState(JSON.stringify(whole.state), () => own)) as OperationsTick['state']

test('while Kafka is away the state tells that no purchase is accepted, and what this gateway does', () => {
  const { whole, own } = outage()
  expect(whole.state.verdicts).toMatchObject([{ code: 'kafka-unavailable' }])
  const state = added({ whole, own })
  expect(state.verdicts).toMatchObject([{ code: 'buyers-refused' }, { code: 'kafka-unavailable' }])
  expect(state.checkouts?.perSecond).toEqual({ purchase: { 503: 10 } })
  expect(state.members.map(({ member, status }) => [member, status])).toEqual([
    ['gateway-1', 'not-ready'],
    ['gateway-2', 'silent'],
    ['processor-1', 'silent'],
  ])
  expect(state).toMatchObject({ partial: false, from: 'processor-1', outcomes: null })
})

describe('in the first seconds, when the processor has not missed anything yet', () => {
  const first = (figures: Parameters<typeof gateway>[1], gateways = ['gateway-1']) => {
    const atProcessor = simulate()
    const atGateway = simulate({ partial: true })
    const well = () => {
      for (const name of gateways) atProcessor.publish(gateway(name))
      atProcessor.publish(processor('processor-1', { 0: 0 }))
    }
    atProcessor.run(6, well)
    atGateway.run(6, () => atGateway.publish(gateway('gateway-1')))
    expect(codesOf(added({ whole: atProcessor.tick(), own: atGateway.tick() }))).toEqual([
      'buyers-get-through',
    ])
    atProcessor.run(1)
    atGateway.run(1, () => atGateway.publish(gateway('gateway-1', figures)))
    return codesOf(added({ whole: atProcessor.tick(), own: atGateway.tick() }))
  }
  const codesOf = ({ verdicts }: OperationsTick['state']) => verdicts.map(({ code }) => code)
  const refusing = { gateway: { answers: { purchase: { 503: 4 } } } }

  test('buyers who wait, or are refused, are known at once', () => {
    expect(first({ gateway: { unanswered: { checkouts: 3, oldestMs: 1_200 } } })).toEqual(['checkouts-wait'])
    expect(first(refusing)).toEqual(['buyers-refused'])
  })

  test('this gateway does not say of the others that they refuse all', () => {
    expect(first(refusing, ['gateway-1', 'gateway-2'])).toEqual(['buyers-get-through'])
  })
})

test('otherwise the state and the stream are those of the processor', async () => {
  const { atProcessor } = outage()
  const atGateway = simulate({ partial: true })
  atGateway.run(5, () => atGateway.publish(gateway('gateway-1')))
  const own = atGateway.tick()
  atProcessor.model.kafkaAnswers(null)
  atProcessor.run(4, () => atProcessor.publish(gateway('gateway-1')))
  const whole = atProcessor.tick()
  const json = JSON.stringify(whole.state)
  expect(addToState(json, () => own)).toBe(json)
  const ticks = broadcastTicks(whole, atProcessor.model.history())
  const frame = (await ticks.nextFrame(0, new AbortController().signal))?.frame ?? new Uint8Array()
  const stream = new Response(frame).body?.pipeThrough(addToStream(() => own))
  expect(await new Response(stream).text()).toBe(Buffer.from(frame).toString())
})

test('the stream has it in each state, however its bytes are cut', async () => {
  const { whole, own } = outage()
  const tick = { ...whole, events: [{ ...event, member: 'el año' }] }
  const frame = `event: state\ndata: ${JSON.stringify(tick)}\n\n`
  const bytes = Buffer.from(`retry: 1\nevent: history\ndata: {}\n\n${frame}${frame}retry: 7\n\n`)
  const source = new ReadableStream<Uint8Array>({
    start(controller) {
      for (let at = 0; at < bytes.length; at += 7) controller.enqueue(bytes.subarray(at, at + 7))
      controller.close()
    },
  })
  const frames = readFrames(new Response(source.pipeThrough(addToStream(() => own))))
  expect(await frames.next()).toMatchObject({ event: 'history' })
  for (let number = 0; number < 2; number++) {
    const { data = '' } = (await frames.next()) ?? {}
    const { state, point, events } = JSON.parse(data) as OperationsTick
    expect(state.verdicts.map(({ code }) => code)).toEqual(['buyers-refused', 'kafka-unavailable'])
    expect(point).toMatchObject({ purchases: 0, refusedPurchases: 10, outcomes: null, lagRecords: null })
    expect(events).toEqual(tick.events)
  }
  expect(await frames.next()).toMatchObject({ retry: '7' })
})

const event = {
  is: 'event',
  run: 'r',
  number: 0,
  at: 0,
  code: 'paused',
  details: { seconds: 4 },
} as const
