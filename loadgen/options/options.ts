import { resolve } from 'node:path'
import { KeyFileError, readKeyFile } from '../../backbone/access/read-key-file.ts'
import { readArguments } from '../../backbone/process/read-arguments.ts'
import { faultsOfFiles } from './check-files.ts'
import { findLoad, type NamedLoad } from './find-load.ts'
import { readFlagValues, repeatedFlags, singleFlags } from './flag-values.ts'
import { loadFromFlags } from './load-from-flags.ts'
import type { LoadOptions } from './load-options.ts'
import { OptionsError } from './options-error.ts'
import { planLoad } from './plan-load.ts'
import { readPace } from './read-pace.ts'

export type Command =
  | { kind: 'help' }
  | { kind: 'load'; options: LoadOptions }
  | { kind: 'compare'; files: [first: string, second: string] }

export const help = `Usage: npm run load -- [SCENARIO] [options]
       npm run load -- compare A.json B.json

Sends fake checkouts to a gateway, follows each to its outcome, and reports the results. SCENARIO is your own file
that ends in .ts, or one of loadgen/scenarios:

  smoke        50/s for 10 s: does everything work
  classic      one shopper every two seconds, without end
  cyberday     a ramp, a spike of twenty times the rate, a plateau, a tail
  soak         four hours at a steady rate
  breakpoint   raises the rate until a threshold breaks, and prints the highest rate that passed
  retries      impatient clients: they time out early and retry with the same key
  mixed        buyers, visitors, impatient clients and clients that wait for outcomes, all at once

Load; with a SCENARIO, --rate and --duration scale it to that peak rate and that length:
  --rate N            checkouts due per second, may be a fraction (default 500); with stages, the first rate (default 0)
  --duration TIME     how long to send: 500ms, 30s, 1m30s, 2h, forever (default 30s)
  --stage TIME:N      ramp to that rate, or that many VUs, in that time; repeat for each stage
  --vus N             closed model with N clients instead: each waits for its answer before it continues
  --think-time TIME   pause of each VU between two checkouts
  --executor NAME     constant-arrival-rate, ramping-arrival-rate, constant-vus or ramping-vus (default: from the other flags)
  --max-vus N         most checkouts in flight; further ones that are due are dropped (default 10000)
  --timeout TIME      how long a client waits for an answer (default 30s)
  --attempts N        most requests for a checkout, with the same idempotency key, after 429, 5xx or no answer (default 1)
  --seed N            seed of the shoppers; the same seed generates the same shoppers (default: random, and printed)
  --workers N         sender threads (default: by the rate)
  --target URL        the gateway (default http://127.0.0.1:8080)
  --key-file F        a file with an API key with the scopes write, read and personal
  --no-verify         do not follow the stream of notifications, only send

Shoppers:
  --buyers N          share of shoppers who buy, 0 to 1 (default 0.65)
  --slow N            share of buyers who take longer than 30 minutes (default 0.2)
  --returning N       share of shoppers who return (default 0.15)
  --zipf N            exponent of the products' popularity, 0 to 4 (default 0.9)
  --path N            share of shoppers with the stages of their path, in recorrido (default 0)
  --locales A,B       locales of the names: es, es_MX, en, pt_BR, fr, de (default the first four)
  --record DIR        save them: checkouts.ndjson, their due times (checkouts.times.txt), and a text file per attribute
  --replay FILE       send the checkouts of such an NDJSON file instead, each once, until the load ends
  --pace recorded     send them at their recorded due times, from the times file beside FILE
  --speed N           N times as fast as recorded: 2 halves all times (default 1)

Results:
  --threshold M:EXPR  fails the run if it breaks, in k6's syntax: 'http_req_duration:p(99)<250',
                      'http_req_failed:rate<0.01', 'http_req_duration{lane:purchase}:avg<50', or for every window
                      of some seconds: 'http_req_duration:p(99)<250 over 10s'; repeatable
  --tag NAME=VALUE    a note that is stored with the results; repeatable
  --summary-export F  write all figures to a JSON file, in k6's layout
  --report F          write a page with plots to an HTML file
  --quiet             show nothing while it runs
  --dashboard         show the run on the operations page of the target; the API key needs the scope operate, too
  -h, --help          this text

On a terminal, + and - change the rate, 0 restores the planned rate, q stops. The first Ctrl-C stops
sending, the second one stops waiting for outcomes.

Exit code: 0 passed; 1 an accepted checkout is missing, duplicated or wrong, or nothing was accepted, or an outcome
could not be read or is unknown, or the target cannot be reached, or a file cannot be written;
99 a threshold broke; 107 invalid options; 130 interrupted twice.`

const flags = {
  single: Object.keys(singleFlags.shape),
  repeated: Object.keys(repeatedFlags.shape),
  bare: ['no-verify', 'quiet', 'dashboard', 'help'],
}

/** Throws {@link OptionsError} with all faults at once. */
export async function readOptions(args: string[], folder = startFolder()): Promise<Command> {
  const { positionals, given, faults } = readArguments(args, flags)
  if (given.has('help')) return { kind: 'help' }
  if (positionals[0] === 'compare') return readCompare(positionals.slice(1), given, folder)

  const values = readFlagValues(given, faults)
  for (const extra of positionals.slice(1))
    faults.push(`'${extra}' is a second scenario; only one is allowed`)
  const found = await loadOf(positionals[0], values, folder)
  if (Array.isArray(found)) faults.push(...found)
  if (!values || Array.isArray(found)) throw new OptionsError(faults)

  const { single, repeated } = values
  const { pace, faults: faultsOfPace } = await readPace(single, given, positionals[0], folder)
  faults.push(...faultsOfPace)
  const planned = planLoad(found, single, repeated, given, folder, pace)
  faults.push(...planned.faults)
  const credential = credentialIn(planned.keyFile, faults)
  faults.push(...(await faultsOfFiles(planned.options)))
  if (faults.length > 0) throw new OptionsError(faults)
  return { kind: 'load', options: { ...planned.options, credential } }
}

function credentialIn(keyFile: string | undefined, faults: string[]): Record<string, string> {
  try {
    return readKeyFile(keyFile)
  } catch (error) {
    if (!(error instanceof KeyFileError)) throw error
    faults.push(error.message)
    return {}
  }
}

// npm runs scripts in the folder of the package, and sets this to the folder of the user.
const startFolder = () => process.env['INIT_CWD'] ?? process.cwd()

function readCompare(
  files: readonly string[],
  given: ReadonlyMap<string, unknown>,
  folder: string,
): Extract<Command, { kind: 'compare' }> {
  const [first, second, ...more] = files
  if (first === undefined || second === undefined || more.length > 0 || given.size > 0) {
    throw new OptionsError(['compare takes exactly two files written by --summary-export'])
  }
  return { kind: 'compare', files: [resolve(folder, first), resolve(folder, second)] }
}

async function loadOf(
  scenario: string | undefined,
  values: ReturnType<typeof readFlagValues>,
  folder: string,
): Promise<NamedLoad | string[]> {
  if (scenario !== undefined) return await findLoad(scenario, folder)
  if (!values) return []
  const load = loadFromFlags(values.single, values.repeated)
  return Array.isArray(load) ? load : { name: 'command line', load, isReadyMade: false }
}
