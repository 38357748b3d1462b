import { isUtf8 } from 'node:buffer'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createMessages, type Messages, type TemplateChoice, type Templates } from './messages.ts'
import { languagesOf, parseRules, type Rules } from './parse-rules.ts'
import { type LineFault, parseTemplate, type Template } from './parse-template.ts'

/** The messages that are in force without `MESSAGES_DIR`. */
export const BUILT_IN = fileURLToPath(new URL('built-in', import.meta.url))
export const RULES_FILE = 'rules.json'

export interface MessageSettings {
  storeName: string
  /** Limit of a kind `quick` without one in `rules.json`. */
  quickMinutes: number
  /** A larger `taps` is a telemetry error. */
  longestPlausibleMinutes: number
}

/** Messages with the files that they come from. */
export interface MessageFiles {
  messages: Messages
  rules: Rules
  settings: MessageSettings
  isBuiltIn: boolean
  /** The text of each template by the name of its file, sorted. */
  texts: ReadonlyMap<string, string>
}

/** All faults of a folder, as `FILE:LINE: what is wrong and what to do`, one per line. */
export class MessagesError extends Error {
  override readonly name = 'MessagesError'
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(faults.join('\n'))
    this.faults = faults
  }
}

const TEMPLATE_FILE = /^([^.]+)\.([^.]+)(\.recorrido)?\.txt$/
const LARGEST_FILE = 64 * 1024
const BYTE_ORDER_MARK = '\uFEFF'

type Report = (file: string, fault: LineFault) => void

/**
 * Reads a folder with `rules.json` and a template for each kind and language: `KIND.LANGUAGE.txt`, and optionally
 * `KIND.LANGUAGE.recorrido.txt` for checkouts with a value for all its placeholders. Hidden files, and those with other
 * endings, are ignored. Throws {@link MessagesError}.
 */
export function readMessages(folder: string, settings: MessageSettings): MessageFiles {
  const faults: string[] = []
  const report: Report = (file, { line, detail }) => faults.push(`${join(folder, file)}:${line}: ${detail}`)
  const names = namesIn(folder)
  let rules: Rules | undefined
  if (names.includes(RULES_FILE)) rules = readRules(folder, settings, report)
  else report(RULES_FILE, { line: 1, detail: `is missing: copy ${join(BUILT_IN, RULES_FILE)} and change it` })

  const texts = new Map<string, string>()
  const templates = new Map<string, Template>()
  for (const name of names.filter((each) => each.endsWith('.txt'))) {
    const text = readText(folder, name, report)
    if (text === undefined) continue
    texts.set(name, text)
    const parsed = parseTemplate(text, { mayUseRecorrido: name.endsWith('.recorrido.txt') })
    for (const fault of parsed.faults) report(name, fault)
    templates.set(name, parsed.template)
  }
  if (rules) for (const name of texts.keys()) checkName(name, rules, report)
  const chosen = rules && chooseTemplates(rules, templates, names, report)
  if (!rules || !chosen || faults.length > 0) throw new MessagesError(faults)
  return {
    messages: createMessages(rules, chosen, settings.storeName),
    rules,
    settings,
    isBuiltIn: folder === BUILT_IN,
    texts,
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
      .filter((name) => !name.startsWith('.'))
      .toSorted()
  } catch (error) {
    throw new MessagesError([`cannot read the folder ${folder}: ${String(error)}`])
  }
}

function readRules(folder: string, { quickMinutes }: MessageSettings, report: Report): Rules | undefined {
  const text = readText(folder, RULES_FILE, report)
  if (text === undefined) return undefined
  const { rules, faults } = parseRules(text, quickMinutes)
  for (const fault of faults) report(RULES_FILE, fault)
  return rules
}

/** Without a byte order mark, with line feeds only, and without the line break at the end that editors add. */
function readText(folder: string, name: string, report: Report): string | undefined {
  const fault = (detail: string, line = 1) => {
    report(name, { line, detail })
    return undefined
  }
  let bytes: Buffer
  try {
    bytes = readFileSync(join(folder, name))
  } catch (error) {
    return fault(`cannot be read: ${String(error)}`)
  }
  if (bytes.length > LARGEST_FILE)
    return fault(`has ${bytes.length} bytes: at most ${LARGEST_FILE} are allowed`)
  if (!isUtf8(bytes)) return fault('is not UTF-8: save it as UTF-8', lineOfFirstFault(bytes))
  const text = bytes.toString()
  const unmarked = text.startsWith(BYTE_ORDER_MARK) ? text.slice(BYTE_ORDER_MARK.length) : text
  return unmarked.replaceAll('\r\n', '\n').replace(/\n$/, '')
}

/** The line whose bytes are not UTF-8: no character has a line feed among its bytes. */
function lineOfFirstFault(bytes: Buffer): number {
  let line = 1
  for (let start = 0; start < bytes.length; line++) {
    const end = bytes.indexOf('\n', start)
    if (!isUtf8(bytes.subarray(start, end === -1 ? bytes.length : end))) return line
    if (end === -1) break
    start = end + 1
  }
  return line
}

/** A file that is never used is a slip in its name or in the rules. */
function checkName(name: string, rules: Rules, report: Report): void {
  const [, kind, language] = TEMPLATE_FILE.exec(name) ?? []
  const kinds = rules.kinds.map((each): string => each.kind)
  const fault = (detail: string) => report(name, { line: 1, detail })
  if (kind === undefined || language === undefined)
    fault('must be named KIND.LANGUAGE.txt or KIND.LANGUAGE.recorrido.txt: rename it')
  else if (!kinds.includes(kind))
    fault(`is of no kind in ${RULES_FILE}, which has ${kinds.join(', ')}: rename it, or add the kind`)
  else if (!languagesOf(rules).includes(language))
    fault(
      `is in no language of ${RULES_FILE}, which has ${languagesOf(rules).join(', ')}: rename it, or add the language`,
    )
}

/** Undefined if there is none for a kind and language. */
function chooseTemplates(
  rules: Rules,
  templates: ReadonlyMap<string, Template>,
  names: readonly string[],
  report: Report,
): Templates {
  const choices = rules.kinds.map(({ kind }) => {
    const inLanguages = languagesOf(rules).flatMap((language): [string, TemplateChoice][] => {
      const base = `${kind}.${language}`
      const plain = templates.get(`${base}.txt`)
      const recorrido = templates.get(`${base}.recorrido.txt`)
      if (!names.includes(`${base}.txt`))
        report(`${base}.txt`, { line: 1, detail: `is missing: write the message of ${kind} in ${language}` })
      return plain ? [[language, { plain, ...(recorrido ? { recorrido } : {}) }]] : []
    })
    return [kind, new Map(inLanguages)] as const
  })
  return new Map(choices)
}
