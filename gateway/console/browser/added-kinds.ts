import { requestJson } from '../../pages/browser/request.ts'
import { texts } from './texts.ts'

const isAdded = (kind: string) => !Object.hasOwn(texts.kinds, kind)

/** The kinds that the rules of this system add; none if they are not known. */
export async function addedKinds(): Promise<string[]> {
  const unknown: { kinds: { kind: string }[] } = { kinds: [] }
  const { kinds } = await requestJson<typeof unknown>('/messages').catch(() => unknown)
  return kinds.map(({ kind }) => kind).filter(isAdded)
}
