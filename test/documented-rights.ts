import { readFileSync } from 'node:fs'
import type { Grant } from './secured-kafka.ts'

/** A right in the table of rights; a row has one for each name. */
export interface DocumentedRight extends Omit<Grant, 'to'> {
  process: 'gateway' | 'processor'
  /** For example "processor: Read on topic DATA_TOPIC". */
  text: string
  /** What does not work without it. */
  without: string
}

const PAGE = new URL('../docs/guides/deployment.md', import.meta.url)
const ROW = /^\| (gateway|processor) \| (topic|group|transactional id) \| (.+?) \| (\w+) \| (.+) \|$/gm
/** A whole name, or a part of one in angle brackets. */
const SETTING = /^[A-Z_]+$|<([A-Z_]+)>/g

/** The rights that docs/guides/deployment.md lists, with names from these settings. */
export function documentedRights(settings: Record<string, string>): DocumentedRight[] {
  const [, table = ''] = /\n### Rights\n([^]*?)\n#/.exec(readFileSync(PAGE, 'utf8')) ?? []
  const valueOf = (setting: string) => {
    const value = settings[setting]
    if (value === undefined) throw new Error(`${setting} names no resource`)
    return value
  }
  return [...table.matchAll(ROW)].flatMap(([, process, resource, names = '', right, without = '']) =>
    [...names.matchAll(/`(.+?)`/g)].map(([, pattern = '']) => {
      const name = pattern.replaceAll(SETTING, (whole, part?: string) => valueOf(part ?? whole))
      return {
        process: process as DocumentedRight['process'],
        resource: resource === 'transactional id' ? 'transactionalId' : (resource as 'topic' | 'group'),
        name: name.replace('*', ''),
        prefixed: name.endsWith('*'),
        operations: [right as Grant['operations'][number]],
        without,
        text: `${process}: ${right} on ${resource} ${pattern}`,
      }
    }),
  )
}
