/** Uniform in [0, 1). */
export type Random = () => number

export const integerBetween = (random: Random, min: number, max: number) =>
  min + Math.floor(random() * (max - min + 1))

export const oneOf = <T>(random: Random, list: readonly T[]): T =>
  list[Math.floor(random() * list.length)] as T

export const digits = (random: Random, count: number) =>
  String(Math.floor(random() * 10 ** count)).padStart(count, '0')

/** Replaces the first run of `#` by a number with that many digits. */
export const fillNumbers = (random: Random, pattern: string) =>
  pattern.replace(/#+/, ({ length }) => String(integerBetween(random, 10 ** (length - 1), 10 ** length - 1)))
