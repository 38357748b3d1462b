/**
 * Keeps the values of a form in the fragment of the address, which browsers never send, because they may name a customer.
 * Calls `apply` when the form was sent, or the address has changed.
 */
export function followForm(form: HTMLFormElement, values: () => URLSearchParams, apply: () => void): void {
  form.addEventListener('submit', (event) => {
    event.preventDefault()
    const address = values().toString()
    if (address === location.hash.slice(1)) apply()
    else location.hash = address
  })
  form.addEventListener('reset', () => {
    location.hash = ''
  })
  addEventListener('hashchange', apply)
}

export const addressValues = (): URLSearchParams => new URLSearchParams(location.hash.slice(1))
