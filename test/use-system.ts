import { afterAll, beforeAll, inject } from 'vitest'
import { type SystemOptions, startSystem, type TestSystem } from './test-system.ts'

/** A system on the shared Kafka for the tests of a file; the function returns it once they run. */
export function useSystem(options: Omit<SystemOptions, 'brokers'>): () => TestSystem {
  let system: TestSystem
  beforeAll(async () => {
    system = await startSystem({ brokers: inject('kafkaBrokers'), ...options })
  })
  afterAll(() => system.stop())
  return () => system
}
