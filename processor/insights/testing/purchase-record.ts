import type { OutcomeRecord } from '../../read-model/record.ts'
import { outcomeRecord } from '../../testing/records.ts'
import type { Purchase } from '../purchase.ts'

/** The outcome of a purchase, classified when it was received. */
export function purchaseRecord(
  purchase: Purchase,
  { partition, offset, owner = 'anonymous' }: { partition: number; offset: number; owner?: string },
): OutcomeRecord {
  const { eventId, at, isSlow, minutes, product, city, stages } = purchase
  const kind = isSlow ? 'slow' : 'quick'
  const record = outcomeRecord(partition, offset, { eventId, kind, owner, classifiedAt: at })
  const outcome = JSON.parse(String(record.json)) as { checkout: object }
  const checkout = {
    ...outcome.checkout,
    ubicacion: { direccion: '123 Abbey Road', ciudad: city, pais: 'Chile' },
    productovisto: product,
    taps: minutes,
    ...(stages.length === 0
      ? {}
      : {
          recorrido: stages.map(({ stage, seconds, error }) => ({ etapa: stage, segundos: seconds, error })),
        }),
  }
  return { ...record, json: Buffer.from(JSON.stringify({ ...outcome, checkout })) }
}
