export const shell = {
  skipLink: 'Skip to the content',
  views: 'Views',
  language: 'Language',
  theme: 'Theme',
  themes: { system: 'System', light: 'Light', dark: 'Dark' },
  logOut: 'Log out',
  needsScript:
    'This page needs JavaScript. Everything that it shows and does is also available over HTTP: see',
  requestFailed: 'The gateway does not answer. Check the connection.',
  logIn: {
    title: 'Log in',
    key: 'API key',
    submit: 'Log in',
    wrong: 'This key is unknown, expired or revoked.',
    ended: 'The session has ended. Log in again.',
    notKept:
      'The key is right, but the browser did not keep the session cookie: open this page over HTTPS, or as http://localhost on the machine of the gateway.',
    checking: 'Checking the key …',
  },
  error: { title: 'The page cannot be shown', again: 'Try again' },
}
