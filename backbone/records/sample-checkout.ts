/** The first sample of docs/reference/domain.md, shown to new users. */
export const sampleCheckout = {
  id: '062292fd7b7e3e688f29418e',
  nombre: 'Scarlett',
  apellido: 'Morris',
  edad: 44,
  email: 'Scarlett.Morris@mail.com',
  telefono: '+70 976-874-0232',
  ubicacion: { direccion: '123 Abbey Road', ciudad: 'Lakewood', pais: 'Inverness' },
  productovisto: 'Colchón de espuma viscoelástica',
  taps: 17.8,
  folio: 'SRZ-5509',
}
