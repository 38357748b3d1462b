import { writeFileSync } from 'node:fs'
import { scratchFile } from '../scratch.ts'

/** As long as an average checkout of npm run load. */
const checkout = {
  id: 'a4d930546588977f456d03a3',
  nombre: 'Pete',
  apellido: 'Russel',
  edad: 52,
  email: 'Pete.Russel@mail.com',
  telefono: '+87 573-073-2726',
  ubicacion: { direccion: '38640 Abbey Road', ciudad: 'Baltimore', pais: 'Uzbekistan' },
  productovisto: 'Audífonos con cancelación de ruido inalámbricos',
  taps: 17.3,
  folio: 'GNI-1514',
}

export const bodyFile = scratchFile('checkout.json')
writeFileSync(bodyFile, JSON.stringify(checkout))

export const contentType = 'application/json'
/** As long as a key of npm run load, but constant: none of these tools generates a new one for each request. */
export const idempotencyKey = '"3b0dd75c-b8b6-422f-a334-309fc2897208-0-12345"'
