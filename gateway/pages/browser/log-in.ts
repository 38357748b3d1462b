import { byId, setText } from './dom.ts'
import { RequestError } from './request.ts'
import { texts } from './texts.ts'

const { logIn } = texts.shell
// Anything else cannot be sent in a header, and is no key.
const CREDENTIAL = /^[\w.~+/=-]+$/

/** The form that exchanges a key for the session cookie. */
export function start(): void {
  const fault = byId('log-in-fault')
  const input = byId('key', HTMLInputElement)
  const form = byId('log-in', HTMLFormElement)
  const { scopes = '', noScope = '' } = form.dataset
  input.focus()
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    void submit()
  })

  async function submit(): Promise<void> {
    setText(fault, logIn.checking)
    const problem = await openSession(input.value.trim(), scopes.split(' '), noScope)
    setText(fault, problem ?? '')
    if (problem === undefined) location.reload()
    else input.select()
  }
}

/** Undefined, or why it did not work. */
async function openSession(
  key: string,
  needed: readonly string[],
  noScope: string,
): Promise<string | undefined> {
  if (!CREDENTIAL.test(key)) return logIn.wrong
  try {
    const response = await fetch('/session', { method: 'POST', headers: { authorization: `Bearer ${key}` } })
    if (response.status === 401) return logIn.wrong
    if (!response.ok) return `HTTP ${response.status} ${await titleOf(response)}`
    const { scopes } = (await response.json()) as { scopes: string[] }
    if (!needed.every((scope) => scopes.includes(scope))) {
      await fetch('/session', { method: 'DELETE' })
      return noScope
    }
    // Browsers ignore the cookie on plain HTTP, unless the page is of this machine.
    return (await fetch(location.href)).status === 401 ? logIn.notKept : undefined
  } catch {
    return new RequestError(undefined).message
  }
}

const titleOf = async (response: Response) =>
  ((await response.json().catch(() => ({}))) as { title?: string }).title ?? ''
