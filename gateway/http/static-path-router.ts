import type { Result, Router } from 'hono/router'
import { TrieRouter } from 'hono/router/trie-router'

/**
 * Remembers the routes of paths without parameters: to search them costs a checkout more than all its middlewares. Hono's
 * RegExpRouter would remember them, too, but takes no parameter beside a fixed name (`/checkout/:eventId`,
 * `/checkout/batch`), and then Hono searches all paths.
 */
export class StaticPathRouter<Handler> implements Router<Handler> {
  readonly name = 'StaticPathRouter'
  readonly #all = new TrieRouter<Handler>()
  readonly #methods = new Set<string>()
  /** By path, then by method. */
  readonly #known = new Map<string, Map<string, Result<Handler>>>()

  add(method: string, path: string, handler: Handler): void {
    this.#all.add(method, path, handler)
    this.#methods.add(method)
    if (!/[:*]/.test(path)) this.#known.set(path, new Map())
    for (const results of this.#known.values()) results.clear()
  }

  match(method: string, path: string): Result<Handler> {
    const results = this.#known.get(path)
    // A client may send any method: only those of routes are remembered.
    if (results === undefined || !this.#methods.has(method)) return this.#all.match(method, path)
    let result = results.get(method)
    if (result === undefined) {
      result = this.#all.match(method, path)
      results.set(method, result)
    }
    return result
  }
}
