import type { Timeline } from '../backbone/timeline/timeline.ts'
import { checkoutOf } from './checkouts.ts'

export const EVENT = '9a90135a154ed3528e3ff791c2b829f6'
const RUN = '4c1f0a52-8d5e-4a6a-9a53-2d1de3c7b0f1'
const checkout = {
  ...checkoutOf('quick', 1),
  recorrido: [
    { etapa: 'catalogo', segundos: 300 },
    { etapa: 'pago', segundos: 905.4, error: '51' },
  ],
}
const at = (ms: number) => new Date(Date.UTC(2026, 10, 29, 15, 14, 18) + ms).toISOString()
const inData = (offset: number) => ({ topic: 'DataTopic', partition: 3, offset })

export const accepted: Timeline = {
  eventId: EVENT,
  status: 'accepted',
  steps: [{ what: 'stored', at: null, where: { partition: 3, offset: 10_412 } }],
  incomplete: [],
}

/** With each step that a purchase can have. */
export const classified: Timeline = {
  eventId: EVENT,
  status: 'classified',
  outcome: {
    eventId: EVENT,
    kind: 'quick',
    message: `Estimad@ ${checkout.nombre},\n\n¡Esperamos que estés bien!\n\nSaludos.`,
    checkout,
    receivedAt: at(0),
    classifiedAt: at(2_061),
    source: { partition: 3, offset: 10_412 },
  },
  steps: [
    { what: 'received', at: at(0), where: { process: 'gateway-1' }, requestId: 'proxy:77' },
    {
      what: 'corrected',
      at: at(0),
      where: { process: 'gateway-1' },
      corrections: [{ pointer: '/nombre', correction: 'trimmed' }],
    },
    {
      what: 'warned',
      at: at(0),
      where: { process: 'gateway-1' },
      warnings: [{ pointer: '/direcion', code: 'unknown_field', didYouMean: 'direccion' }],
    },
    { what: 'stored', at: at(4), where: inData(10_412) },
    {
      what: 'claimed',
      at: at(2_040),
      where: { process: 'processor-2', topic: 'Notifications', partition: 3, offset: 11_003 },
      run: RUN,
    },
    {
      what: 'classified',
      at: at(2_061),
      where: { process: 'processor-2', topic: 'Notifications', partition: 3, offset: 11_005 },
      kind: 'quick',
      run: RUN,
    },
    { what: 'streamed', at: at(2_073), where: { process: 'processor-1' }, to: 'customer' },
    {
      what: 'repeated',
      at: at(3_204),
      where: { process: 'gateway-2', ...inData(10_415) },
      requestId: '0f6b2f8a-6a3e-4a0c-8a52-b61f1c2b9d4e',
    },
    { what: 'read', at: at(60_000), where: { process: 'processor-2' }, to: 'for-customer' },
    { what: 'conflict', at: at(90_061_000), where: inData(10_502), eventId: `${EVENT}-conflict-10502` },
  ],
  searched: { partition: 3, from: 10_412, to: 15_413, end: false },
  deliveriesSince: { customers: at(-60_000), readers: at(30_000) },
  incomplete: [
    {
      reason: 'too-late',
      what: ['repeated', 'conflict'],
      detail: 'Searched for repetitions up to offset 15413, not to the end of the partition',
    },
  ],
}
