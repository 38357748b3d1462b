/** The two records of docs/reference/domain.md, as the store's producers write them. */
export { sampleCheckout as boughtQuickly } from '../backbone/records/sample-checkout.ts'

export const didNotBuy = {
  id: '6b28427ff85faa10eb5321dc',
  nombre: 'John',
  apellido: 'Harrison',
  edad: 63,
  email: 'John.Harrison@mail.com',
  telefono: '+94 585-941-9707',
  ubicacion: { direccion: '789 Via Milano', ciudad: 'Rosewood', pais: 'Queenshire' },
  productovisto: 'Kit de maquillaje profesional',
  taps: 0,
  folio: null,
}
