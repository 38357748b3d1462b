import { readFileSync } from 'node:fs'
import { parseCheckout } from '../../backbone/records/parse-checkout.ts'
import { sampleCheckout } from '../../backbone/records/sample-checkout.ts'
import { syntaxErrorOf } from '../../backbone/records/syntax-error.ts'
import { languagesOf } from '../../processor/messages/parse-rules.ts'
import { previewFaults, previewMessage } from '../../processor/messages/preview-message.ts'
import { type MessageFiles, MessagesError, readMessages } from '../../processor/messages/read-messages.ts'
import { help, type Parsed, parseMessageOptions } from './options.ts'

const EXIT_FAULTS = 1
const EXIT_WRONG_OPTIONS = 2

/** The faults of the messages, or of the checkout to preview. */
class PreviewError extends Error {
  override readonly name = 'PreviewError'
}

function main(): number {
  const parsed = parseMessageOptions(process.argv.slice(2), process.env)
  switch (parsed.action) {
    case 'help':
      process.stdout.write(help)
      return 0
    case 'faults':
      process.stderr.write(`${parsed.faults.join('\n')}\nsee npm run messages -- --help\n`)
      return EXIT_WRONG_OPTIONS
    case 'check':
      process.stdout.write(`${summary(readMessages(parsed.folder, parsed.settings))}\n`)
      return 0
    case 'preview':
      preview(parsed)
      return 0
  }
}

function summary({ rules, texts }: MessageFiles): string {
  const kinds = rules.kinds.map(({ kind, untilMinutes, isFollowedUp }) => {
    const limit = Number.isFinite(untilMinutes) ? `up to ${untilMinutes} minutes` : 'all longer purchases'
    return `  ${kind}: ${limit}${isFollowedUp ? ', followed up' : ''}`
  })
  return [
    'The messages are valid.',
    ...kinds,
    `  languages: ${languagesOf(rules).join(', ')}; without a country of the rules, ${rules.defaultLanguage}`,
    `  templates: ${[...texts.keys()].join(', ')}`,
  ].join('\n')
}

function preview({ folder, settings, preview: asked }: Parsed & { action: 'preview' }) {
  const files = readMessages(folder, settings)
  const { kind, language, checkout: file } = asked
  const request = { kind, language, checkout: checkoutIn(file) }
  const faults = previewFaults(request, files)
  if (faults.length > 0) throw new PreviewError(faults.map((fault) => `--${fault}`).join('\n'))
  const shown = previewMessage(request, files)
  if (shown.message === null) {
    process.stderr.write(`kind ${shown.kind}: no message\n`)
    return
  }
  const missing = (shown.unknown ?? []).map((name) => `{${name}}`).join(', ')
  const why = missing && `; the checkout has no value for ${missing} of the variant for recorrido`
  process.stderr.write(`kind ${shown.kind}, ${shown.template}${why}\n\n`)
  process.stdout.write(`${shown.message}\n`)
}

function checkoutIn(file: string | undefined) {
  if (file === undefined) return { ...sampleCheckout }
  const text = readFileSync(file === '-' ? 0 : file, 'utf8')
  const parsed = parseCheckout(jsonOf(text))
  if (parsed.is === 'valid') return parsed.checkout
  throw new PreviewError(
    parsed.faults.map(({ pointer, detail }) => `--checkout ${pointer || 'the file'} ${detail}`).join('\n'),
  )
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new PreviewError(`--checkout ${syntaxErrorOf(text)}`)
  }
}

try {
  process.exitCode = main()
} catch (error) {
  const isExpected = error instanceof MessagesError || error instanceof PreviewError
  process.stderr.write(`${isExpected ? error.message : String(error)}\n`)
  process.exitCode = EXIT_FAULTS
}
