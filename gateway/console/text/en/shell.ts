export const shell = {
  title: 'Checkout operations',
  skipLink: 'Skip to the content',
  views: 'Views',
  nav: {
    overview: 'Overview',
    members: 'Kafka and members',
    checkouts: 'Checkouts',
    'dead-letters': 'Dead letters',
    notifications: 'Notifications',
  },
  language: 'Language',
  theme: 'Theme',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
  logOut: 'Log out',
  ownOnly: 'Only checkouts of the owner of your API key are shown.',
  needsScript:
    'This page needs JavaScript. Everything that it shows and does is also available over HTTP: see',
  loading: 'Loading …',
  requestFailed: 'The gateway does not answer. Check the connection.',
  logIn: {
    title: 'Log in',
    key: 'API key',
    submit: 'Log in',
    hint: 'A key or token with the scope operate. Checkouts and notifications also need read; to edit dead letters, personal. npm run mint-key creates one.',
    wrong: 'This key is unknown, expired or revoked.',
    ended: 'The session has ended. Log in again.',
    noScope: 'This credential lacks the scope operate. Use a key that has it.',
    notKept:
      'The key is right, but the browser did not keep the session cookie: open this page over HTTPS, or as http://localhost on the machine of the gateway.',
    checking: 'Checking the key …',
  },
  missing: {
    title: 'Page not found',
    explanation: 'There is no page at this address.',
    back: 'Back to the overview',
  },
  error: { title: 'The page cannot be shown', again: 'Try again' },
}
