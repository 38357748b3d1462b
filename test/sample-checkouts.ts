/** The two records of DOMAIN.md, as the store's producers write them. */
export const boughtQuickly = {
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
