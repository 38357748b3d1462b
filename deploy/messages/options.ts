import { existsSync } from 'node:fs'
import { readArguments } from '../../backbone/process/read-arguments.ts'
import { readSettings, SettingsError } from '../../backbone/process/settings.ts'
import { messageSettings, messageSettingsSchema } from '../../processor/config.ts'
import { BUILT_IN, type MessageSettings } from '../../processor/messages/read-messages.ts'

export const help = `Checks the messages to customers, and shows one, without a running system.

  npm run messages -- check [DIR]
  npm run messages -- preview [DIR] [flags]

  DIR               folder of the messages (MESSAGES_DIR, or the built-in ones)
  --kind KIND       show the message of this kind (the kind of the checkout)
  --language TAG    show it in this language (that of the country)
  --checkout FILE   for the checkout in this file, - for standard input (an example)
  -h, --help        this text

STORE_NAME, QUICK_MINUTES and LONGEST_PLAUSIBLE_MINUTES count as for a processor.
Exit code 2: invalid flags. 1: the messages or the checkout have faults.
`

export interface PreviewOptions {
  kind?: string
  language?: string
  checkout?: string
}

interface Common {
  folder: string
  settings: MessageSettings
}

export type Parsed =
  | { action: 'help' }
  | { action: 'faults'; faults: string[] }
  | ({ action: 'check' } & Common)
  | ({ action: 'preview'; preview: PreviewOptions } & Common)

const flags = { single: ['kind', 'language', 'checkout'], repeated: [], bare: ['help'] }
const actions = ['check', 'preview'] as const

/** Returns all faults. */
export function parseMessageOptions(args: string[], environment: NodeJS.ProcessEnv): Parsed {
  const { given, positionals, faults } = readArguments(args, flags)
  if (given.has('help')) return { action: 'help' }
  const [name, folder, ...others] = positionals
  const action = actions.find((each) => each === name)
  if (action === undefined)
    faults.push(`${name === undefined ? 'say what to do' : `${name} is unknown`}: check or preview`)
  for (const word of others) faults.push(`${word} is too much: one folder is checked`)
  const preview = Object.fromEntries(
    [...given].map(([flag, [value = '']]) => [flag, value]),
  ) as PreviewOptions
  if (action === 'check') for (const flag of given.keys()) faults.push(`--${flag} is for preview`)
  const { checkout } = preview
  if (checkout !== undefined && checkout !== '-' && !existsSync(checkout))
    faults.push(`--checkout ${checkout} does not exist`)
  const settings = settingsIn(environment, faults)
  if (action === undefined || settings === undefined || faults.length > 0) return { action: 'faults', faults }
  const common: Common = {
    folder: folder ?? settings.MESSAGES_DIR ?? BUILT_IN,
    settings: messageSettings(settings),
  }
  return action === 'check' ? { action, ...common } : { action, preview, ...common }
}

function settingsIn(environment: NodeJS.ProcessEnv, faults: string[]) {
  try {
    return readSettings(messageSettingsSchema, environment)
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error
    faults.push(...error.message.split('\n'))
    return undefined
  }
}
