import { readKeyFile } from '../../backbone/access/read-key-file.ts'
import { type LauncherState, readState } from '../launcher-state.ts'
import { runCommand } from '../run-command.ts'
import { formatStatus } from './format-status.ts'
import { lagAdvice } from './lag-advice.ts'
import { help, parseStatusOptions, type StatusOptions } from './options.ts'
import { type ProcessStatus, probe } from './probe.ts'

const EXIT_NOT_WELL = 1
const EXIT_WRONG_OPTIONS = 2

async function show({ data, keyFile }: StatusOptions): Promise<number> {
  const credential = readKeyFile(keyFile)
  const state = readState(data)
  if (state === 'not running') {
    console.log(`no launcher uses the folder ${data}: npm start starts one, --data names another folder`)
    return EXIT_NOT_WELL
  }
  if (state === 'starting or stopping') {
    console.log(`the launcher of ${data} is starting or stopping: retry in a few seconds`)
    return EXIT_NOT_WELL
  }
  const statuses = await statusesOf(state, credential)
  console.log(formatStatus(statuses, state.kafka))
  const advice = lagAdvice(statuses, keyFile)
  if (advice !== undefined) console.log(advice)
  return statuses.every(({ health }) => health === 'ready') ? 0 : EXIT_NOT_WELL
}

function statusesOf({ processes }: LauncherState, headers: Record<string, string>): Promise<ProcessStatus[]> {
  const roles: LauncherState['processes'][number]['role'][] = ['kafka', 'processor', 'gateway']
  const inOrder = processes.toSorted((a, b) => roles.indexOf(a.role) - roles.indexOf(b.role))
  const sharersOf = (port: number) => processes.filter((each) => each.port === port).length
  return Promise.all(inOrder.map((each) => probe(each, sharersOf(each.port), headers)))
}

await runCommand({
  name: 'status',
  help,
  parse: parseStatusOptions,
  run: show,
  exitCodes: { failed: EXIT_NOT_WELL, wrongOptions: EXIT_WRONG_OPTIONS },
})
