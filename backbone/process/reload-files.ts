import { readFileSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

interface ReloadOptions<T> {
  paths: readonly string[]
  /** Throws if the content is invalid. */
  parse: (texts: string[], before: T | undefined) => T
  onReload: (value: T) => void
  /** Called once for each reason: a file cannot be read, or its new content is invalid. */
  onFault: (error: unknown) => void
}

export interface Reloaded<T> {
  current: () => T
  stop: () => void
}

const LOOKED_AFTER_MS = 1_000

/**
 * What files contain, read again within a second of a change. Changes are detected by content, because a mounted secret
 * is replaced by another link. The previous value is kept while the new content is invalid. A pipe can be read only once.
 * Throws if the first content cannot be read or is invalid.
 */
export function reloadFiles<T>({ paths, parse, onReload, onFault }: ReloadOptions<T>): Reloaded<T> {
  let texts = paths.map((path) => readFileSync(path, 'utf8'))
  let value = parse(texts, undefined)
  let reported: string | undefined

  async function look() {
    try {
      const now = await Promise.all(paths.map((path) => readFile(path, 'utf8')))
      reported = undefined
      if (now.every((text, index) => text === texts[index])) return
      texts = now
      value = parse(now, value)
      onReload(value)
    } catch (error) {
      const reason = String(error)
      if (reason === reported) return
      reported = reason
      onFault(error)
    }
  }

  const timer = paths.every((path) => statSync(path).isFile())
    ? setInterval(() => void look(), LOOKED_AFTER_MS)
    : undefined
  timer?.unref()
  return { current: () => value, stop: () => clearInterval(timer) }
}
