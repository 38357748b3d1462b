import { expect, test } from 'vitest'
import { canonicalCheckout } from '../../../backbone/records/checkout.ts'
import { eventIdOfBody } from '../../../backbone/records/event-id.ts'
import { homePartition, laneOf } from '../../../backbone/records/partition.ts'
import { boughtQuickly, didNotBuy } from '../../sample-checkouts.ts'
import { plainEventId } from './plain-event-id.ts'

test.each([1, 2, 3, 6, 7, 12])(
  'of %i partitions, one is home, and elsewhere the partition is in the id',
  (partitions) => {
    for (let number = 0; number < 100; number++) {
      const id = String(number).padStart(24, '0')
      const checkout = { ...(number % 2 ? boughtQuickly : didNotBuy), id }
      const body = eventIdOfBody(canonicalCheckout(checkout))
      const home = homePartition(id, laneOf(checkout), partitions)
      for (let partition = 0; partition < partitions; partition++) {
        const expected = partition === home ? body : `${body}-p${partition}`
        expect(plainEventId(checkout, partition, partitions)).toBe(expected)
      }
    }
  },
)

test('a checkout with taps or a folio is a purchase', () => {
  const partitions = 6
  for (const checkout of [
    { ...didNotBuy, taps: 3 },
    { ...didNotBuy, folio: 'SRZ-5509' },
  ]) {
    const home = homePartition(checkout.id, 'purchase', partitions)
    expect(plainEventId(checkout, home, partitions)).not.toContain('-p')
  }
})
