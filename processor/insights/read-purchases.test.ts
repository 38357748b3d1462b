import { expect, test } from 'vitest'
import { readPurchases } from './read-purchases.ts'
import { compareStages } from './stage-times.ts'
import { purchaseRecord } from './testing/purchase-record.ts'

const at = Date.parse('2026-11-30T00:00:00Z')

test('no stage takes longer than its purchase, whatever the storefront says', () => {
  const records = [1e308, 2_400].map((seconds, offset) =>
    purchaseRecord(
      {
        eventId: String(offset),
        at,
        isSlow: true,
        minutes: 40,
        product: 'Maleta',
        city: 'Ñuñoa',
        stages: [
          { stage: 'pago', seconds },
          { stage: 'carro', seconds },
        ],
      },
      { partition: 0, offset },
    ),
  )
  const sampler = {
    read: <Item>(_: unknown, toItem: (json: Uint8Array) => Item) => ({
      items: records.map(({ json }) => toItem(json)),
      ofAbout: undefined,
    }),
    *each() {},
  }
  const question = { since: at, until: at + 1, owner: undefined }
  const { now } = readPurchases(sampler, question, () => false)
  expect(compareStages(now)).toEqual([
    { stage: 'pago', slowMinutes: 40, quickMinutes: 0, shareOfExcess: 0.5 },
    { stage: 'carro', slowMinutes: 40, quickMinutes: 0, shareOfExcess: 0.5 },
  ])
})
