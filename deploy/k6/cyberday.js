// The load of `npm run load -- cyberday`, for those who have k6 (1.0 or newer):
//   k6 run -e TARGET=http://127.0.0.1:8080 --summary-export k6.json deploy/k6/cyberday.js
// RATE is the peak in checkouts per second, DURATION_FACTOR shortens or lengthens every stage.
import { check } from 'k6'
import exec from 'k6/execution'
import http from 'k6/http'

const target = __ENV.TARGET || 'http://127.0.0.1:8080'
const peak = Number(__ENV.RATE || 1000)
const factor = Number(__ENV.DURATION_FACTOR || 1)
// Another run makes other purchases; it does not repeat those of the previous run.
const run = `${Date.now()}-${Math.floor(Math.random() * 1e9)}`

const stage = (seconds, share) => ({
  duration: `${Math.round(seconds * factor * 1000)}ms`,
  target: Math.round(peak * share),
})

export const options = {
  scenarios: {
    shoppers: {
      executor: 'ramping-arrival-rate',
      startRate: Math.round(peak * 0.025),
      timeUnit: '1s',
      preAllocatedVUs: 100,
      maxVUs: 5000,
      stages: [
        stage(20, 0.05),
        stage(20, 0.05),
        stage(2, 1),
        stage(20, 1),
        stage(10, 0.5),
        stage(40, 0.5),
        stage(20, 0.05),
        stage(10, 0.05),
      ],
    },
  },
  thresholds: {
    http_req_failed: ['rate<0.001'],
    http_req_duration: ['p(99)<1000'],
    dropped_iterations: ['count==0'],
  },
  summaryTrendStats: ['avg', 'min', 'med', 'max', 'p(90)', 'p(95)', 'p(99)'],
}

const firstNames = ['Scarlett', 'John', 'María', 'José', 'Camila', 'Benjamín', 'Sofía', 'Matías']
const surnames = ['Morris', 'Harrison', 'González', 'Muñoz', 'Rojas', 'Díaz', 'Silva', 'Contreras']
const products = ['Colchón de espuma viscoelástica', 'Kit de maquillaje profesional', 'Aspiradora robot']
const cities = ['Lakewood', 'Rosewood', 'Santiago', 'Valparaíso']

const between = (min, max) => min + Math.floor(Math.random() * (max - min + 1))
const oneOf = (list) => list[between(0, list.length - 1)]
const digits = (count) => String(between(0, 10 ** count - 1)).padStart(count, '0')
const letters = (count) => Array.from({ length: count }, () => String.fromCharCode(between(65, 90))).join('')
const hexadecimal = (count) => Array.from({ length: count }, () => between(0, 15).toString(16)).join('')
const plain = (name) => name.normalize('NFD').replace(/[^A-Za-z]/g, '')

function shopper() {
  const nombre = oneOf(firstNames)
  const apellido = oneOf(surnames)
  const buys = Math.random() < 0.65
  const slow = Math.random() < 0.2
  return {
    id: hexadecimal(24),
    nombre,
    apellido,
    edad: between(18, 90),
    email: `${plain(nombre)}.${plain(apellido)}@mail.com`,
    telefono: `+${between(10, 99)} ${digits(3)}-${digits(3)}-${digits(4)}`,
    ubicacion: { direccion: `${between(1, 999)} Abbey Road`, ciudad: oneOf(cities), pais: 'Chile' },
    productovisto: oneOf(products),
    taps: buys ? (slow ? between(301, 1800) : between(1, 300)) / 10 : null,
    folio: buys ? `${letters(3)}-${digits(4)}` : null,
  }
}

export default function () {
  const key = `${run}-${exec.scenario.iterationInTest}`
  const headers = { 'Content-Type': 'application/json', 'Idempotency-Key': `"${key}"` }
  const answer = http.post(`${target}/checkout`, JSON.stringify(shopper()), { headers, timeout: '30s' })
  check(answer, { 'accepted (202)': ({ status }) => status === 202 })
}
