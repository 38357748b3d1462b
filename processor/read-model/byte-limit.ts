/** Byte limit of one read: a record may have 1 MiB. The next read continues from the end of this one. */
export const READ_LIMIT_BYTES = 256 * 1024

/** The first `limit` items, or fewer if they are large; `isAll` if no item was left out. */
export function takeWithinBytes<Item extends { json: Uint8Array }>(
  items: Iterable<Item>,
  limit: number,
): { taken: Item[]; isAll: boolean } {
  const taken: Item[] = []
  let bytes = 0
  for (const item of items) {
    taken.push(item)
    bytes += item.json.length
    if (taken.length === limit || bytes >= READ_LIMIT_BYTES) return { taken, isAll: false }
  }
  return { taken, isAll: true }
}
