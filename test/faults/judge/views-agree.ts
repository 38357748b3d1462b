import { setTimeout as sleep } from 'node:timers/promises'
import { baseKinds } from '../../../backbone/records/outcome.ts'
import { type Violation, violationOf } from './violation.ts'

interface Page {
  items: { eventId: string }[]
  next: string
}

const ALL_KINDS = baseKinds.join(',')
const LIMIT = 1_000
const PATIENCE_MS = 60_000

/** Retries while it is refused: a processor with a damaged read model rebuilds it. */
async function fetchPage(url: string, cursor: string | undefined): Promise<Page> {
  const query = new URLSearchParams({
    kind: ALL_KINDS,
    limit: String(LIMIT),
    ...(cursor === undefined ? {} : { cursor }),
  })
  const giveUp = Date.now() + PATIENCE_MS
  for (;;) {
    const answer = await fetch(`${url}/notifications?${String(query)}`).catch((error: unknown) =>
      String(error),
    )
    if (answer instanceof Response && answer.ok) return (await answer.json()) as Page
    const reason = answer instanceof Response ? await answer.text() : answer
    if (Date.now() > giveUp) throw new Error(`${url} returned no page: ${reason}`)
    await sleep(500)
  }
}

/** Reads all outcomes of every processor, page by page: all must be equal and complete. */
export async function viewsAgree(urls: string[], outcomes: number): Promise<Violation[]> {
  const cursors: (string | undefined)[] = urls.map(() => undefined)
  let read = 0
  for (;;) {
    const pages = await Promise.all(urls.map((url, i) => fetchPage(url, cursors[i])))
    for (const [i, page] of pages.entries()) {
      cursors[i] = page.next
      const difference = differenceOf(pages[0]?.items ?? [], page.items)
      if (difference !== undefined)
        return [disagreement(`${urls[i]} and ${urls[0]} differ after ${read}`, difference)]
    }
    const items = pages[0]?.items.length ?? 0
    read += items
    if (items < LIMIT) break
  }
  if (read === outcomes) return []
  return [disagreement(`the processors serve ${read} outcomes, Notifications holds ${outcomes}`, [])]
}

const disagreement = (what: string, eventIds: string[]) => violationOf('views-agree', what, eventIds)

function differenceOf(first: { eventId: string }[], second: { eventId: string }[]): string[] | undefined {
  if (first.length === second.length && JSON.stringify(first) === JSON.stringify(second)) return undefined
  const at = first.findIndex((item, i) => JSON.stringify(item) !== JSON.stringify(second[i]))
  const place = at === -1 ? first.length : at
  return [first[place]?.eventId ?? '(end)', second[place]?.eventId ?? '(end)']
}
