const DOWN_MS = 1_000

/** Takes turns; whoever failed within the last second comes last. */
export function createRotation(urls: readonly string[], now: () => number = () => performance.now()) {
  const downUntil = new Map<string, number>()
  let turn = 0

  const isDown = (url: string) => (downUntil.get(url) ?? 0) > now()

  return {
    next(): string[] {
      const rotated = [...urls.slice(turn), ...urls.slice(0, turn)]
      turn = (turn + 1) % Math.max(1, urls.length)
      return [...rotated.filter((url) => !isDown(url)), ...rotated.filter(isDown)]
    },
    failed(url: string) {
      downUntil.set(url, now() + DOWN_MS)
    },
  }
}
