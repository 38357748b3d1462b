export const en = {
  title: 'Demonstration shop',
  intro:
    'Each purchase here is invented, but it is stored, classified and notified like any other. The page sends it with the same script that a shop would use.',
  customer: 'Customer',
  another: 'Another customer',
  product: 'In the cart',
  path: 'Where the customer is',
  pathHint: 'Measured in this page, with the time while it is hidden.',
  stages: { catalogo: 'Catalogue', carro: 'Cart', direccion: 'Address', pago: 'Payment' },
  paymentError: 'Payment fails',
  actionsTitle: 'What the customer does',
  actions: {
    measured: { label: 'Buy now', about: 'After the time that this page has measured.' },
    quick: { label: 'Buy quickly', about: 'A few minutes after arriving.' },
    slow: { label: 'Buy slowly', about: 'More than half an hour after arriving.' },
    look: { label: 'Only look', about: 'Leaves without buying: nobody is notified.' },
    twice: { label: 'Press twice', about: 'A double click: two requests, one purchase.' },
    break: {
      label: 'Break the network',
      about: 'Simulated in this page: the first answer is thrown away, so the purchase is sent again.',
    },
    tabs: { label: 'Buy in two tabs', about: 'A second tab sends the same purchase at the same time.' },
  },
  resumed: 'Finish the purchase of an earlier page',
  purchases: 'Purchases',
  noPurchases: 'None yet.',
  messages: 'Messages to this customer',
  noMessages: 'None yet. They appear here as soon as a purchase is classified.',
  sending: 'Sending …',
  waiting: {
    unreachable: 'No answer. Trying again …',
    overloaded: 'The gateway is overloaded. Trying again …',
    refused: 'The gateway could not store it. Trying again …',
  },
  stored: 'Stored. Waiting for its outcome …',
  later: 'Stored. Its outcome is not there yet.',
  classified: (kind: string, isNotified: boolean) =>
    `Classified: ${kind}.${isNotified ? '' : ' No message.'}`,
  requests: (sent: number, checkouts: number) =>
    `Requests sent by this tab: ${sent}. Checkouts stored: ${checkouts}.`,
  openCheckout: 'Open on the operations page',
  failed: 'Not stored',
  streamLost: 'The stream of messages is interrupted; the browser reconnects.',
  logIn: {
    hint: 'A key or token with the scopes write and read. npm run mint-key creates one.',
    noScope: 'This credential lacks the scope write or read. Use a key that has both.',
  },
}
