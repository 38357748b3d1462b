import { readFileSync } from 'node:fs'
import { formatCalendar, formatProblem } from './format-calendar.ts'
import { type EventOptions, help, parseEventOptions } from './options.ts'

const EXIT_REFUSED = 1
const EXIT_WRONG_OPTIONS = 2
const ANSWER_WITHIN_MS = 30_000

async function run({ command, target, keyFile }: EventOptions): Promise<number> {
  const headers: Record<string, string> = {}
  if (keyFile !== undefined) headers['authorization'] = `Bearer ${readFileSync(keyFile, 'utf8').trim()}`
  const ask = (path: string, init: RequestInit = {}) =>
    fetch(new URL(path, target), {
      ...init,
      headers: { ...headers, ...(init.body ? { 'content-type': 'application/json' } : {}) },
      signal: AbortSignal.timeout(ANSWER_WITHIN_MS),
    })
  const response =
    command.action === 'list'
      ? await ask('/forecast')
      : command.action === 'remove'
        ? await ask(`/forecast/events/${encodeURIComponent(command.id)}`, { method: 'DELETE' })
        : await ask('/forecast/events', { method: 'POST', body: JSON.stringify(command.event) })
  const body: unknown = response.status === 204 ? undefined : await response.json()
  if (!response.ok) {
    console.error(formatProblem(response.status, body))
    return EXIT_REFUSED
  }
  if (command.action === 'list') console.log(formatCalendar(body))
  else if (command.action === 'remove') console.log(`removed ${command.id}`)
  else console.log(formatCalendar({ calendar: [body] }))
  return 0
}

async function main(): Promise<number> {
  const parsed = parseEventOptions(process.argv.slice(2))
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(help)
      return 0
    case 'faults':
      console.error(`${parsed.faults.join('\n')}\nnpm run event -- --help shows the flags`)
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
