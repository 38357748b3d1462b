import { parseArgs } from 'node:util'
import { z } from 'zod'
import { type ApiKey, apiKeySchema } from '../../backbone/access/api-key.ts'
import { scopes } from '../../backbone/access/identity.ts'
import { commaSeparated } from '../../backbone/settings.ts'

export const help = `Makes an API key, adds it to a file of keys, and shows it once.

  npm run mint-key -- --owner NAME --scopes LIST [flags]

  --owner NAME      whose events its holder writes and reads; "anonymous": what came without a key
  --scopes LIST     of ${scopes.join(', ')}; comma-separated
  --file FILE       the file of keys, made when it is missing (API_KEYS_FILE, or keys.json)
  --rate N          requests a second that each gateway takes from it (no limit)
  --expires TIME    when it ends, 2027-01-31 or 2027-01-31T12:00:00Z (never)
  --signed          what it writes must be signed
  --help            this text

Gateways and processors read the file again within a second. To take a key back, remove its entry.
`

/** What a key shall be, but for what is drawn by chance. */
export type KeyRequest = Omit<ApiKey, 'id' | 'hash'>

export type Parsed =
  | { kind: 'help' }
  | { kind: 'faults'; faults: string[] }
  | { kind: 'mint'; file: string; key: KeyRequest }

const flags = {
  owner: { type: 'string' },
  scopes: { type: 'string' },
  file: { type: 'string' },
  rate: { type: 'string' },
  expires: { type: 'string' },
  signed: { type: 'boolean' },
  help: { type: 'boolean' },
} as const

const DAY = /^\d{4}-\d\d-\d\d$/

const { owner, scopes: listedScopes, signed } = apiKeySchema.shape
const flagsSchema = z.strictObject({
  owner,
  scopes: z.string().pipe(commaSeparated).pipe(listedScopes),
  file: z.string().min(1),
  rate: z.coerce.number('must be a number').positive('must be more than 0').optional(),
  expires: z
    .string()
    .transform((time) => (DAY.test(time) ? `${time}T00:00:00Z` : time))
    .pipe(
      z.iso.datetime({ offset: true, abort: true, error: 'must be a day or a time in ISO 8601 with a zone' }),
    )
    .refine((time) => Date.parse(time) > Date.now(), 'must be to come')
    .optional(),
  signed,
})

/** Every fault at once. `defaultFile` is where keys are kept when no flag says otherwise. */
export function parseKeyOptions(args: string[], defaultFile: string): Parsed {
  const { values, positionals } = parseArgs({ args, options: flags, strict: false, allowPositionals: true })
  const { help: helpWanted, ...given } = values
  if (helpWanted === true) return { kind: 'help' }
  const parsed = flagsSchema.safeParse({ file: defaultFile, ...given })
  const faults = [
    ...positionals.map((text) => `${text}: not a flag`),
    ...(parsed.error?.issues ?? []).flatMap((issue) =>
      issue.code === 'unrecognized_keys'
        ? issue.keys.map((name) => `--${name}: no such flag`)
        : `--${String(issue.path[0])}: ${issue.path[0] !== undefined && String(issue.path[0]) in given ? issue.message : 'is needed'}`,
    ),
  ]
  if (!parsed.success || faults.length > 0) return { kind: 'faults', faults }
  const { file, ...key } = parsed.data
  return { kind: 'mint', file, key }
}
