import { expect, test } from 'vitest'
import { emailOf } from './shopper.ts'
import { poolsOf } from './shopper-pools.ts'
import { shopperLocales } from './shopper-shares.ts'

test.each(shopperLocales)(
  '%s has enough of everything, and nothing that the gateway would correct or refuse',
  (locale) => {
    const pools = poolsOf(locale)
    for (const texts of Object.values(pools)) {
      expect(
        texts.filter((text: string) => text.trim() !== text || !/^[^\p{Cc}{}]{1,80}$/u.test(text)),
      ).toEqual([])
    }
    for (const [pool, least] of [
      ['firstNames', 150],
      ['surnames', 20],
      ['addresses', 1_000],
      ['cities', 90],
      ['countries', 150],
    ] as const) {
      expect(new Set(pools[pool]).size).toBeGreaterThan(least)
    }
  },
)

test.each(shopperLocales)('every name of %s leaves something for an address', (locale) => {
  const { firstNames, surnames } = poolsOf(locale)
  const names = [...firstNames, ...surnames]
  expect(names.filter((name) => !/^\w+\.\w+@mail\.com$/.test(emailOf(name, name)))).toEqual([])
})
