import { expect, test } from 'vitest'
import { readPurchases } from './read-purchases.ts'
import { compareStages } from './stage-times.ts'
import { purchaseRecord } from './testing/purchase-record.ts'

const at = Date.parse('2026-11-30T00:00:00Z')
const DAY = 86_400_000
const usual = { isSlow: true, minutes: 40, product: 'Maleta', city: 'Ñuñoa' }

test('no stage takes longer than its purchase, whatever the storefront says', () => {
  const records = [1e308, 2_400].map((seconds, offset) =>
    purchaseRecord(
      {
        ...usual,
        eventId: String(offset),
        at,
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

test('up to 120,000 purchases of the day before are read, of the same owner', () => {
  const purchase = { ...usual, eventId: 'a', at: at - 1, stages: [{ stage: 'pago', seconds: 2_400 }] }
  const { json } = purchaseRecord(purchase, { partition: 0, offset: 0 })
  const sampler = {
    read: () => ({ items: [], ofAbout: undefined }),
    *each(query: { owner: string | undefined; since: number; until: number; most: number }) {
      expect(query).toMatchObject({ owner: 'kiosk', since: at - DAY, until: at, most: 120_000 })
      yield json
    },
  }
  const { before } = readPurchases(sampler, { since: at, until: at + 1, owner: 'kiosk' }, () => false)
  expect([...before]).toEqual([purchase])
})
