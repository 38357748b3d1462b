import { KeysFileError } from '../../backbone/access/keys-file.ts'
import { mintKey } from './mint-key.ts'
import { help, parseKeyOptions } from './options.ts'

const EXIT_WRONG_OPTIONS = 2

function main(): number {
  const parsed = parseKeyOptions(process.argv.slice(2), process.env['API_KEYS_FILE'] || 'keys.json')
  switch (parsed.kind) {
    case 'help':
      process.stdout.write(help)
      return 0
    case 'faults':
      process.stderr.write(`${parsed.faults.join('\n')}\nsee npm run mint-key -- --help\n`)
      return EXIT_WRONG_OPTIONS
    case 'mint': {
      const { id, bearer } = mintKey(parsed.file, parsed.key)
      process.stderr.write(`Added ${id} to ${parsed.file}. Its key, shown only once:\n`)
      process.stdout.write(`${bearer}\n`)
      return 0
    }
  }
}

try {
  process.exitCode = main()
} catch (error) {
  const reason = error instanceof KeysFileError ? `the file ${error.message}` : String(error)
  process.stderr.write(`${reason}; nothing changed\n`)
  process.exitCode = 1
}
