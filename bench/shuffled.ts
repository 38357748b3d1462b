import { SimpleFaker } from '@faker-js/faker'

/** The order of a round, so that no tool always follows the same one; `seed` repeats the orders. */
export function createShuffle(seed: number) {
  const faker = new SimpleFaker({ seed })
  return <T>(things: readonly T[]): T[] => faker.helpers.shuffle([...things])
}
