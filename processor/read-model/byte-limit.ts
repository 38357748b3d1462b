/** Of one read: a record may have 1 MiB, and what reads on from where it ended finds the rest. */
export const ENOUGH_BYTES = 256 * 1024

/** The first `limit` of them, or fewer that are large; `isAll` when there were no more to be taken. */
export function takeEnough<Item extends { json: Uint8Array }>(
  items: Iterable<Item>,
  limit: number,
): { taken: Item[]; isAll: boolean } {
  const taken: Item[] = []
  let bytes = 0
  for (const item of items) {
    taken.push(item)
    bytes += item.json.length
    if (taken.length === limit || bytes >= ENOUGH_BYTES) return { taken, isAll: false }
  }
  return { taken, isAll: true }
}
