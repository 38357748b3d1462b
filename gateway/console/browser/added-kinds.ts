import type { MessagesInForce } from '../../../backbone/messages/messages-in-force.ts'
import { requestJson } from '../../pages/browser/request.ts'
import { texts } from './texts.ts'

export const isAdded = (kind: string): boolean => !Object.hasOwn(texts.kinds, kind)

/** The kinds that the rules of this system add; none if they are not known. */
export async function addedKinds(): Promise<string[]> {
  const unknown: Pick<MessagesInForce, 'kinds'> = { kinds: [] }
  const { kinds } = await requestJson<typeof unknown>('/messages').catch(() => unknown)
  return kinds.map(({ kind }) => kind).filter(isAdded)
}
