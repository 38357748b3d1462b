import { createGatewayClient } from '../gateway-client.ts'
import { runCommand } from '../run-command.ts'
import { formatCalendar, formatProblem } from './format-calendar.ts'
import { type EventOptions, help, parseEventOptions } from './options.ts'

const EXIT_REFUSED = 1
const EXIT_WRONG_OPTIONS = 2

async function run({ command, ...address }: EventOptions): Promise<number> {
  const ask = createGatewayClient(address)
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

await runCommand({
  name: 'event',
  help,
  parse: parseEventOptions,
  run,
  exitCodes: { failed: EXIT_REFUSED, wrongOptions: EXIT_WRONG_OPTIONS },
})
