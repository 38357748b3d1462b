import type { LayoutLease } from '../publish/layout-lease.ts'

/** The layout of so many partitions never changes. */
export const steadyLayout = (partitions: number): LayoutLease => ({
  current: () => ({ version: 0, partitions }),
  planned: () => 0,
  acquire: async () => ({ version: 0, partitions }),
  isKept: async () => true,
  isHeld: () => false,
  clock: () => performance.now(),
})
