import { minutesUntilNamed, paymentErrors, type Trial } from './planted.ts'

// Arguments: how many days and the first seed. Prints for each planted cause the minutes until it, and nothing else, is
// named.

const [count = '25', firstSeed = '501'] = process.argv.slice(2)

const trials: Omit<Trial, 'seed'>[] = [
  ...[200, 60, 20].map((perMinute) => ({ perMinute, planted: paymentErrors })),
  { perMinute: 200, planted: { error: '91', share: 0.06 } },
  { perMinute: 200, planted: { stage: 'direccion', share: 0.06 } },
  { perMinute: 200, planted: { city: 'Temuco', share: 0.5 } },
  { perMinute: 200, planted: { product: 'Producto 5', share: 0.5 } },
]

for (const trial of trials) {
  const seeds = Array.from({ length: Number(count) }, (_, index) => Number(firstSeed) + index)
  const minutes = seeds.map((seed) => minutesUntilNamed({ ...trial, seed }))
  console.log(`${JSON.stringify(trial)}: ${minutes.toSorted((a, b) => a - b).join(' ')}`)
}
