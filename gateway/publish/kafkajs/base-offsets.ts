interface Acknowledgement {
  partition: number
  errorCode: number
  baseOffset?: string
}

/**
 * Where each partition's first record was stored. Throws unless every partition was acknowledged: when leadership moves
 * during a retry, kafkajs's sendMessages passes over partitions whose new leader has already answered, and resolves.
 */
export function baseOffsets(
  sent: ReadonlySet<number>,
  acknowledgements: readonly Acknowledgement[],
): ReadonlyMap<number, number> {
  const offsets = new Map<number, number>()
  for (const { partition, errorCode, baseOffset } of acknowledgements) {
    const offset = Number(baseOffset ?? -1)
    if (errorCode !== 0 || offset < 0) continue
    // A partition that moved after it was stored is stored again: processors go by the first.
    offsets.set(partition, Math.min(offset, offsets.get(partition) ?? offset))
  }
  const missing = [...sent].filter((partition) => !offsets.has(partition))
  if (missing.length > 0) throw new Error(`partitions ${missing.join(', ')} were not acknowledged`)
  return offsets
}
