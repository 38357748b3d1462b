import { describe, expect, test } from 'vitest'
import { gateway, processor, simulate } from './testing/simulate.ts'

describe('a member that is lost', () => {
  const eventsOf = (system: ReturnType<typeof simulate>) =>
    system.model
      .history()
      .events.map(({ member, code, at, details }) => [member, code, (at - system.at(0)) / 1_000, details])

  test('is an event, and so is its return', () => {
    const system = simulate()
    const frozen = (from: number, to: number) => (second: number) => {
      system.publish(gateway())
      if (second <= from || second > to) system.publish(processor('processor-2', { 0: 0 }))
    }
    system.run(40, frozen(20, 30))
    expect(eventsOf(system)).toEqual([
      ['processor-2', 'member-silent', 20, { role: 'processor' }],
      ['processor-2', 'member-back', 31, { role: 'processor', seconds: 11 }],
    ])
  })

  test('is one also when another run has replaced it; one that has stopped is none', () => {
    const system = simulate()
    system.run(10, (second) => {
      if (second <= 5) system.publish(processor('processor-2', { 0: 0 }))
      else if (second <= 9) system.publish({ ...processor('processor-2', { 0: 0 }), run: 'another' })
      else system.publish({ ...processor('processor-2', {}, { ends: true }), run: 'another' })
      system.publish(gateway())
    })
    system.run(20, () => system.publish(gateway()))
    expect(eventsOf(system)).toEqual([['processor-2', 'member-silent', 5, { role: 'processor' }]])
  })

  test('is none while figures do not arrive from anybody', () => {
    const system = simulate()
    const both = () => {
      system.publish(gateway())
      system.publish(processor('processor-2', { 0: 0 }))
    }
    system.run(20, both)
    // The last figures of one are older than those of the other.
    system.run(1, () => system.publish(gateway()))
    system.run(30, () => system.model.kafkaFails(system.at(system.seconds())))
    system.model.kafkaAnswers(null)
    // One after the other.
    system.run(4, () => system.publish(gateway()))
    system.run(20, both)
    expect(eventsOf(system)).toEqual([])
  })
})
