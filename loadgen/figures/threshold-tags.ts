import { lanes } from '../../backbone/records/partition.ts'
import { type CheckedLoad, placeTags } from '../load-definition.ts'
import { requestFailures } from '../sending/request-error.ts'

type Tags = ReadonlyMap<string, string>
type Scenarios = CheckedLoad['scenarios']

/** A threshold on samples that cannot exist would always pass. */
export function faultsOfTags(tags: Tags, scenarios: Scenarios, requestTags: readonly string[]): string[] {
  const all = Object.entries(scenarios)
  const ownTags = new Set(all.flatMap(([, { tags: own }]) => Object.keys(own)))
  const known = [...placeTags, ...requestTags, ...ownTags]
  const faults = [...tags].flatMap(([tag, value]) => {
    if (!known.includes(tag)) return [`has no tag ${tag}; it has ${known.join(', ')}`]
    if (tag === 'status' && /^[1-5]\d\d$/.test(value)) return []
    const values = [...new Set(all.flatMap((scenario) => valuesOf(tag, scenario)))]
    return values.includes(value) ? [] : [`has no ${tag} '${value}'; it has ${listed(tag, values)}`]
  })
  if (faults.length > 0) return faults
  const isSomewhere = all.some((scenario) =>
    tags.entries().every(([tag, value]) => tag === 'status' || valuesOf(tag, scenario).includes(value)),
  )
  return isSomewhere ? [] : ['no scenario has all of these tags']
}

function listed(tag: string, values: readonly string[]): string {
  if (tag === 'stage') return values.length > 1 ? `1 to ${values.length}` : '1'
  return [...(tag === 'status' ? ['a number such as 503'] : []), ...values].join(', ')
}

function valuesOf(tag: string, [name, definition]: [string, Scenarios[string]]): string[] {
  switch (tag) {
    case 'scenario':
      return [name]
    case 'stage': {
      const count = 'stages' in definition ? definition.stages.length : 1
      return Array.from({ length: count }, (_, stage) => String(stage + 1))
    }
    case 'lane':
      return [...lanes]
    case 'status':
      return [...requestFailures]
    case 'expected_response':
      return ['true', 'false']
    default: {
      const own = definition.tags[tag]
      return own === undefined ? [] : [own]
    }
  }
}
