import { readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type { PartitionsState } from '../../backbone/layout/partitions-state.ts'
import { help, type PartitionOptions, parsePartitionOptions } from './options.ts'

const EXIT_REFUSED = 1
const EXIT_WRONG_OPTIONS = 2
const ANSWER_WITHIN_MS = 30_000
const CHECK_MS = 250
const GIVE_UP_MS = 60_000

/** The system refused it. */
class RefusedError extends Error {}

function createClient({ target, keyFile }: PartitionOptions) {
  const url = new URL('/operations/partitions', target)
  const headers: Record<string, string> = {}
  if (keyFile !== undefined) headers['authorization'] = `Bearer ${readFileSync(keyFile, 'utf8').trim()}`
  return async (body?: { partitions: number }): Promise<PartitionsState> => {
    const response = await fetch(url, {
      ...(body ? { method: 'POST', body: JSON.stringify(body) } : {}),
      headers: { ...headers, ...(body ? { 'content-type': 'application/json' } : {}) },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
    const answer = (await response.json()) as PartitionsState & { title?: string; detail?: string }
    if (!response.ok)
      throw new RefusedError(
        `${response.status} ${answer.title ?? ''}${answer.detail ? `: ${answer.detail}` : ''}`,
      )
    return answer
  }
}

function textOf({ partitions, change }: PartitionsState): string {
  const now = `customers are spread over ${partitions} partitions`
  if (change === null) return now
  const progress = change.begun
    ? `${change.switched} of ${change.of} partitions have switched`
    : 'it has not begun: repeat the request'
  return `${now}; a change to ${change.partitions} is under way, ${progress}`
}

async function run(options: PartitionOptions): Promise<number> {
  const ask = createClient(options)
  let state = await ask(options.to === undefined ? undefined : { partitions: options.to })
  let shown = textOf(state)
  console.log(shown)
  if (options.to === undefined) return 0
  const isInForce = () => state.change === null && state.partitions === options.to
  for (const giveUp = Date.now() + GIVE_UP_MS; !isInForce(); await sleep(CHECK_MS)) {
    if (Date.now() > giveUp) {
      console.error('not in force yet: see that every partition has an owner; the change continues by itself')
      return EXIT_REFUSED
    }
    // The processor that is asked may be stopping.
    state = await ask().catch(() => state)
    if (textOf(state) !== shown) console.log(textOf(state))
    shown = textOf(state)
  }
  return 0
}

async function main(): Promise<number> {
  const parsed = parsePartitionOptions(process.argv.slice(2))
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(help)
      return 0
    case 'faults':
      console.error(`${parsed.faults.join('\n')}\nnpm run partitions -- --help shows the flags`)
      return EXIT_WRONG_OPTIONS
    case 'options':
      return await run(parsed.options)
  }
}

try {
  process.exitCode = await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = EXIT_REFUSED
}
