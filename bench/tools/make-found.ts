/** Calls the factory of each program that is on PATH; the names of the others are `missing`. */
export function makeFound<T>(makers: Record<string, (program: string) => T[]>): {
  made: T[]
  missing: string[]
} {
  const made: T[] = []
  const missing: string[] = []
  for (const [name, make] of Object.entries(makers)) {
    const program = Bun.which(name)
    if (program === null) missing.push(name)
    else made.push(...make(program))
  }
  return { made, missing }
}
