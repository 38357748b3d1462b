export const site = {
  title: 'Checkout operations',
  nav: {
    overview: 'Overview',
    members: 'Kafka and members',
    forecast: 'Forecast',
    checkouts: 'Checkouts',
    insights: 'Why slow',
    'dead-letters': 'Dead letters',
    notifications: 'Notifications',
    messages: 'Messages',
  },
  ownOnly: 'Only what belongs to the owner of your API key is shown. The scope all-owners shows everything.',
  owner: 'Owner',
  loading: 'Loading …',
  logIn: {
    hint: 'A key or token with the scope operate. Checkouts and notifications also need read; to edit dead letters, personal; to see all owners, all-owners. npm run mint-key creates one.',
    noScope: 'This credential lacks the scope operate. Use a key that has it.',
  },
  missing: {
    title: 'Page not found',
    explanation: 'There is no page at this address.',
    back: 'Back to the overview',
  },
}
