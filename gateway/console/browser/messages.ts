import type { MessagesInForce } from '../../../backbone/messages/messages-in-force.ts'
import type { SystemState, Totals } from '../../../backbone/operations/system-state.ts'
import { byId, el } from '../../pages/browser/dom.ts'
import { failureText, requestJson } from '../../pages/browser/request.ts'
import { showStatus } from '../../pages/browser/status.ts'
import { createKindsPanel } from './messages/message-kinds.ts'
import { createPreviewPanel } from './messages/message-preview.ts'
import { createTemplatesPanel } from './messages/message-templates.ts'

function start(): void {
  void show()
}

async function show(): Promise<void> {
  const view = byId('messages')
  try {
    const [inForce, outcomes] = await Promise.all([
      requestJson<MessagesInForce>('/messages'),
      countedOutcomes(),
    ])
    view.replaceChildren(
      el('div', {}, createKindsPanel(inForce, outcomes), createTemplatesPanel(inForce)),
      createPreviewPanel(inForce),
    )
  } catch (error) {
    view.replaceChildren()
    showStatus(failureText(error), 'bad')
  }
}

/** By kind; undefined if the figures are not known. */
const countedOutcomes = (): Promise<Totals['outcomes'] | undefined> =>
  requestJson<SystemState>('/operations').then(
    ({ totals }) => totals.outcomes,
    () => undefined,
  )

start()
