import { setTimeout as sleep } from 'node:timers/promises'
import type { PartitionsState } from '../../backbone/layout/partitions-state.ts'
import { createGatewayClient } from '../gateway-client.ts'
import { runCommand } from '../run-command.ts'
import { help, type PartitionOptions, parsePartitionOptions } from './options.ts'

const EXIT_REFUSED = 1
const EXIT_WRONG_OPTIONS = 2
const CHECK_MS = 250
const GIVE_UP_MS = 60_000
const RETRY_MS = 1_000

/** The same request may succeed in a moment. */
class NotYetError extends Error {
  override readonly name = 'NotYetError'
}

function createClient(options: PartitionOptions) {
  const ask = createGatewayClient(options)
  return async (body?: { partitions: number }): Promise<PartitionsState> => {
    const init = body ? { method: 'POST', body: JSON.stringify(body) } : {}
    const response = await ask('/operations/partitions', init).catch((error: unknown) => {
      throw error instanceof DOMException && error.name === 'TimeoutError'
        ? new NotYetError('no answer in time')
        : error
    })
    const answer = (await response.json()) as PartitionsState & { title?: string; detail?: string }
    if (response.ok) return answer
    const { title = '', detail } = answer
    if (response.status === 503) throw new NotYetError(detail ?? title)
    throw new Error(`${response.status} ${title}${detail ? `: ${detail}` : ''}`)
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

/** Right after the start of a system, its partitions have no owners yet. */
async function begin(ask: ReturnType<typeof createClient>, partitions: number): Promise<PartitionsState> {
  let shown: string | undefined
  for (const giveUp = Date.now() + GIVE_UP_MS; ; await sleep(RETRY_MS)) {
    try {
      return await ask({ partitions })
    } catch (error) {
      if (!(error instanceof NotYetError) || Date.now() > giveUp) throw error
      if (error.message !== shown) console.log(`not yet, trying again: ${error.message}`)
      shown = error.message
    }
  }
}

async function run(options: PartitionOptions): Promise<number> {
  const ask = createClient(options)
  let state = await (options.to === undefined ? ask() : begin(ask, options.to))
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

await runCommand({
  name: 'partitions',
  help,
  parse: parsePartitionOptions,
  run,
  exitCodes: { failed: EXIT_REFUSED, wrongOptions: EXIT_WRONG_OPTIONS },
})
