import type { Stage } from '../../../backbone/records/checkout.ts'
import type { Outcome } from '../../../backbone/records/outcome.ts'
import { CheckoutRefused, resumeCheckouts } from '../../../deploy/storefront/checkout.js'
import { byId, el, setText } from '../../pages/browser/dom.ts'
import { followNotifications } from '../../pages/browser/follow-notifications.ts'
import { kindName } from '../../pages/browser/kind-name.ts'
import { RequestError, requestJson } from '../../pages/browser/request.ts'
import { clearStatus, showStatus } from '../../pages/browser/status.ts'
import { texts as pageTexts } from '../../pages/browser/texts.ts'
import { problemText } from '../../pages/text/problem-text.ts'
import { type ActionName, actionNames, minutesOf, perform, sharedCart } from './actions.ts'
import { watchNetwork } from './network.ts'
import { startPath } from './path.ts'
import { addEntry } from './purchase-entry.ts'
import { type Cart, fillCart, inventPath, inventProduct, inventShopper, type Shopper } from './shopper.ts'
import { texts } from './texts.ts'

const WAIT_SECONDS = 20

interface Event {
  outcome?: Outcome
}

/** The shop: one customer, a cart, and what the customer can do. */
export function start(): void {
  watchNetwork()
  const shared = sharedCart()
  const path = startPath()
  let shopper: Shopper = inventShopper()
  let product = inventProduct()
  let unfollow: (() => void) | undefined

  function enter(next: Shopper): void {
    shopper = next
    setText(byId('customer-name'), `${next.nombre} ${next.apellido}, ${next.edad}, ${next.ubicacion.ciudad}`)
    setText(byId('customer-id'), next.id)
    byId('messages').replaceChildren()
    unfollow?.()
    unfollow = showMessages(next.id)
  }

  function fillAgain(): void {
    product = inventProduct()
    setText(byId('product'), product)
  }

  for (const name of actionNames) {
    byId(`do-${name}`).addEventListener('click', () => {
      const taken = name === 'measured' ? path.result() : inventPath(minutesOf(name), name === 'slow')
      void buy(name, fillCart(shopper, product, taken))
      path.restart()
      fillAgain()
    })
  }
  byId('another').addEventListener('click', () => {
    enter(inventShopper())
    path.restart()
    fillAgain()
  })

  if (shared === undefined) finishEarlierPurchases()
  enter(shared?.checkout ?? shopper)
  setText(byId('product'), shared?.checkout.productovisto ?? product)
  if (shared !== undefined) void buy(undefined, shared)
}

/** The customer's messages, as they arrive. */
function showMessages(customer: string): () => void {
  const query = new URLSearchParams({ customer, from: 'earliest' })
  return followNotifications(query, undefined, {
    onOutcome: ({ eventId, message }) =>
      byId('messages').prepend(el('li', { 'data-event': eventId }, message ?? '')),
    onGap: () => undefined,
    onConnection: (isConnected) => (isConnected ? clearStatus() : showStatus(texts.streamLost, 'bad')),
  })
}

/** The same in each language. */
function stageText({ etapa, segundos, error }: Stage): string {
  const taken = segundos < 120 ? `${segundos} s` : `${Math.round(segundos / 60)} min`
  return `${etapa} ${taken}${error === undefined ? '' : `, error ${error}`}`
}

/** `action` is undefined in the second tab, which only sends. */
async function buy(action: ActionName | undefined, cart: Cart): Promise<void> {
  const { label } = texts.actions[action ?? 'tabs']
  const { productovisto, recorrido } = cart.checkout
  const entry = addEntry(
    byId('purchases'),
    label,
    `${productovisto}. ${recorrido.map(stageText).join(' → ')}`,
  )
  await report(entry, () =>
    perform(action, cart, {
      onRequest: () => entry.addRequest(),
      onWait: (reason) => entry.show(texts.waiting[reason]),
    }),
  )
}

function finishEarlierPurchases(): void {
  for (const [, finished] of resumeCheckouts()) {
    const entry = addEntry(byId('purchases'), texts.resumed, '')
    void report(entry, async () => [(await finished).eventId])
  }
}

async function report(entry: ReturnType<typeof addEntry>, send: () => Promise<string[]>): Promise<void> {
  try {
    const ids = await send()
    entry.addStored(ids)
    entry.show(texts.stored)
    const { outcome } = await requestJson<Event>(`/checkout/${ids[0]}`, {
      headers: { prefer: `wait=${WAIT_SECONDS}` },
    })
    if (outcome === undefined) return entry.show(texts.later)
    entry.show(texts.classified(kindName(pageTexts.kinds, outcome.kind), outcome.message !== null), 'done')
  } catch (error) {
    entry.show(`${texts.failed}: ${reasonOf(error)}`, 'bad')
    if (error instanceof CheckoutRefused && error.status === 401) location.reload()
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof CheckoutRefused)
    return problemText(pageTexts, { type: 'about:blank', title: `HTTP ${error.status}`, ...error.problem })
  return error instanceof RequestError ? error.message : String(error)
}
