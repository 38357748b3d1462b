/** Numbers by name; a missing one is 0. */
export type Counts = Partial<Record<string, number>>

/** By how much each number has grown; without those that have not. */
export function increase(now: Counts, before: Counts = {}): Record<string, number> {
  const grown: Record<string, number> = {}
  for (const [name, count = 0] of Object.entries(now)) {
    const difference = count - (before[name] ?? 0)
    if (difference > 0) grown[name] = difference
  }
  return grown
}

export function addTo(sum: Counts, counts: Counts, factor = 1): void {
  for (const [name, count = 0] of Object.entries(counts)) sum[name] = (sum[name] ?? 0) + count * factor
}

/** The same for counts in groups, such as answers by lane and status. */
export function addGroups<Group extends string>(
  sum: Partial<Record<Group, Record<string, number>>>,
  groups: Partial<Record<Group, Counts>>,
  factor = 1,
): void {
  for (const group of keysOf(groups)) {
    const total = sum[group] ?? {}
    addTo(total, groups[group] ?? {}, factor)
    if (Object.keys(total).length > 0) sum[group] = total
  }
}

/** By how much the counts of each group have grown. */
export function increaseOfGroups<Group extends string>(
  now: Partial<Record<Group, Counts>>,
  before: Partial<Record<Group, Counts>> = {},
): Partial<Record<Group, Record<string, number>>> {
  const grown: Partial<Record<Group, Record<string, number>>> = {}
  for (const group of keysOf(now)) grown[group] = increase(now[group] ?? {}, before[group])
  return grown
}

export const totalOf = (counts: Counts = {}): number =>
  Object.values(counts).reduce<number>((sum, count) => sum + (count ?? 0), 0)

export const keysOf = <Key extends string>(record: Partial<Record<Key, unknown>>): Key[] =>
  Object.keys(record) as Key[]

/** To hundredths: what is smaller nobody sees, and it makes the JSON long. */
export const rounded = (number: number): number => Math.round(number * 100) / 100

export const roundedCounts = (counts: Counts): Record<string, number> =>
  Object.fromEntries(Object.entries(counts).map(([name, count = 0]) => [name, rounded(count)]))
