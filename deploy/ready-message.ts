import { join } from 'node:path'

const shopper = {
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

/** Says that all is up, and what to do with it. */
export function readyMessage(port: number, kafka: string, data: string): string {
  const url = `http://127.0.0.1:${port}`
  return `ready ${url}

curl -X POST ${url}/checkout -H 'content-type: application/json' -d '${JSON.stringify(shopper)}'
curl ${url}/notifications
curl -N '${url}/notifications/stream?from=earliest'

Kafka ${kafka}, logs in ${join(data, 'logs')}, Ctrl-C stops everything`
}
