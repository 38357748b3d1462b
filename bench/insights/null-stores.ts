import type { StoreOptions } from '../../processor/insights/testing/generate-purchases.ts'

/** Stores in which nothing happens, small and large ones. The last two are read in samples. */
export const nullStores = {
  tiny: { perMinute: 2 },
  small: { perMinute: 12 },
  'small, without stages': { perMinute: 12, isStaged: false },
  'small, restless': { perMinute: 12, isRestless: true },
  varied: { perMinute: 12, variety: 4, isRestless: true },
  medium: { perMinute: 60 },
  large: { perMinute: 200 },
} satisfies Record<string, Omit<StoreOptions, 'seed'>>

export type NullStore = keyof typeof nullStores
