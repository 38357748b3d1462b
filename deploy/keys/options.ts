import { z } from 'zod'
import { type ApiKey, apiKeySchema } from '../../backbone/access/api-key.ts'
import { scopes } from '../../backbone/access/identity.ts'
import { nearestName } from '../../backbone/nearest-name.ts'
import { readArguments } from '../../backbone/process/read-arguments.ts'
import { commaSeparated, numberAboveZero } from '../../backbone/process/settings.ts'

export const help = `Creates an API key, adds it to a file of keys, and shows it once.

  npm run mint-key -- --owner NAME --scopes LIST [flags]

  --owner NAME      owner of the events that the key writes and reads; "anonymous": events sent without a key
                    (with the scope all-owners it reads those of every owner)
  --scopes LIST     of ${scopes.join(', ')}; comma-separated
  --file FILE       the file of keys, created when it is missing (API_KEYS_FILE, or keys.json)
  --rate N          requests per second that each gateway accepts from it (no limit)
  --expires TIME    when it expires, 2027-01-31 or 2027-01-31T12:00:00Z (never)
  --signed          its writes must be signed
  -h, --help        this text

Exit code 2: invalid flags. 1: the file cannot be read or written.
Gateways and processors reload the file within a second. To revoke a key, remove its entry.
`

/** A key without its random parts. */
export type KeyRequest = Omit<ApiKey, 'id' | 'hash'>

export type Parsed =
  | { kind: 'help' }
  | { kind: 'faults'; faults: string[] }
  | { kind: 'mint'; file: string; key: KeyRequest }

const flags = {
  single: ['owner', 'scopes', 'file', 'rate', 'expires'],
  repeated: [],
  bare: ['signed', 'help'],
}

const DAY = /^\d{4}-\d\d-\d\d$/

const { owner, signed } = apiKeySchema.shape

const allScopes = scopes.join(', ')
const scope = z.enum(scopes, {
  error: ({ input }) => {
    const given = String(input)
    const meant = nearestName(given, scopes)
    return `${given} is not a scope: ${meant === undefined ? `use one of ${allScopes}` : `did you mean ${meant}?`}`
  },
})
const flagsSchema = z.object({
  owner,
  scopes: z
    .string()
    .pipe(commaSeparated)
    .pipe(z.array(scope).min(1, `must be some of ${allScopes}`))
    .refine(
      (given) => !given.includes('all-owners') || given.includes('read') || given.includes('operate'),
      'all-owners extends read and operate: add one of them',
    ),
  file: z.string().min(1),
  rate: numberAboveZero.optional(),
  expires: z
    .string()
    .transform((time) => (DAY.test(time) ? `${time}T00:00:00Z` : time))
    .pipe(
      z.iso.datetime({ offset: true, abort: true, error: 'must be a day or a time in ISO 8601 with a zone' }),
    )
    .refine((time) => Date.parse(time) > Date.now(), 'must be in the future')
    .optional(),
  signed,
})

/** Returns all faults. `defaultFile` is used if no flag names a file. */
export function parseKeyOptions(args: string[], defaultFile: string): Parsed {
  const { given, positionals, faults } = readArguments(args, flags)
  if (given.has('help')) return { kind: 'help' }
  for (const word of positionals) faults.push(`${word} is not a flag`)
  const values = Object.fromEntries([...given].map(([name, [text]]) => [name, name === 'signed' || text]))
  const parsed = flagsSchema.safeParse({ file: defaultFile, ...values })
  for (const { path, message } of parsed.error?.issues ?? []) {
    const name = String(path[0])
    faults.push(`--${name} ${given.has(name) ? message : 'is required'}`)
  }
  if (!parsed.success || faults.length > 0) return { kind: 'faults', faults }
  const { file, ...key } = parsed.data
  return { kind: 'mint', file, key }
}
