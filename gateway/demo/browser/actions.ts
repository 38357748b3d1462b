import { sendCheckout, type WaitReason } from '../../../deploy/storefront/checkout.js'
import { watchRequests } from './network.ts'
import { type Cart, minutesBetween } from './shopper.ts'

export const actionNames = ['measured', 'quick', 'slow', 'look', 'twice', 'break', 'tabs'] as const
export type ActionName = (typeof actionNames)[number]

export const SECOND_TAB = '#second-tab'
const SHARED_CART = 'demo-cart'

/** Invented minutes from arriving to buying; a quick purchase takes at most 30 by default. */
export function minutesOf(action: Exclude<ActionName, 'measured'>): number {
  if (action === 'look') return 0
  return action === 'slow' ? minutesBetween(45, 240) : minutesBetween(1, 20)
}

interface Progress {
  onRequest: () => void
  onWait: (reason: WaitReason) => void
}

/** Does what the customer did; resolves with the event ids of all answers. */
export async function perform(
  action: ActionName | undefined,
  { purchase, checkout }: Cart,
  { onRequest, onWait }: Progress,
): Promise<string[]> {
  watchRequests(JSON.stringify(checkout), { onRequest, losesNextAnswer: action === 'break' })
  if (action === 'tabs') openSecondTab({ purchase, checkout })
  const send = () => sendCheckout(purchase, checkout, { onWait: ({ reason }) => onWait(reason) })
  const answers = await Promise.all(action === 'twice' ? [send(), send()] : [send()])
  return answers.map(({ eventId }) => eventId)
}

function openSecondTab(cart: Cart): void {
  localStorage.setItem(SHARED_CART, JSON.stringify(cart))
  window.open(`/demo${SECOND_TAB}`, '_blank')
}

/** The cart that the first tab has shared; undefined in any other page. */
export function sharedCart(): Cart | undefined {
  const text = location.hash === SECOND_TAB ? localStorage.getItem(SHARED_CART) : null
  return text === null ? undefined : (JSON.parse(text) as Cart)
}
