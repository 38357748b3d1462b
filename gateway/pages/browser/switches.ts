import { byId } from './dom.ts'

const YEAR_SECONDS = 31_536_000

/** Choices are cookies, so that the server already sends the page in that language and theme. */
function remember(name: string, value: string): void {
  // cookieStore is not there in all browsers, and only on secure pages.
  document.cookie = `${name}=${value}; Path=/; Max-Age=${YEAR_SECONDS}; SameSite=Lax`
}

/** Language, theme and log-out in the header of every page. */
export function startSwitches(): void {
  const language = byId('language', HTMLSelectElement)
  language.addEventListener('change', () => {
    remember('language', language.value)
    location.reload()
  })

  const theme = byId('theme', HTMLSelectElement)
  theme.addEventListener('change', () => {
    remember('theme', theme.value)
    document.documentElement.dataset['theme'] = theme.value
  })

  document.getElementById('log-out')?.addEventListener('click', () => void logOut())
}

async function logOut(): Promise<void> {
  await fetch('/session', { method: 'DELETE' })
  location.reload()
}
