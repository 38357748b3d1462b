/** What the search box was given, as parameters of `GET /checkouts`. */
export interface Search {
  eventId?: string
  folio?: string
  customer?: string
  idempotencyKey?: string
  product?: string
}

const FOLIO = /^[a-z]{3}-\d{4}$/i
const CUSTOMER = /^[0-9a-f]{24}$/i
// Ids have a digit, a dash or an underscore. Without one, a word is rather a product.
const EVENT_ID = /^(?=.*[\d_-])[\w-]{1,192}$/
const KEY = /^[!-~]{1,255}$/

/** Understands the text as an operator means it. Everything that has no other form is a product. */
export function parseSearch(text: string): Search {
  const words = text.trim().split(/\s+/)
  const [word = '', ...others] = words
  if (word === '') return {}
  if (others.length === 0) return parseWord(word)
  const customer = words.find((one) => CUSTOMER.test(one))
  const [other = '', ...rest] = words.filter((one) => one !== customer)
  if (customer === undefined || rest.length > 0 || !KEY.test(other)) return { product: text.trim() }
  const ofCustomer = { customer: customer.toLowerCase() }
  if (FOLIO.test(other)) return { ...ofCustomer, folio: other.toUpperCase() }
  return { ...ofCustomer, idempotencyKey: withoutQuotes(other) }
}

function parseWord(word: string): Search {
  if (FOLIO.test(word)) return { folio: word.toUpperCase() }
  if (CUSTOMER.test(word)) return { customer: word.toLowerCase() }
  return EVENT_ID.test(word) ? { eventId: word } : { product: word }
}

/** The header `Idempotency-Key` has quotes, which are not part of the key. */
const withoutQuotes = (key: string) => /^"(.+)"$/.exec(key)?.[1]?.replaceAll(/\\(.)/g, '$1') ?? key
