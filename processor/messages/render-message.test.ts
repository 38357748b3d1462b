import { describe, expect, test } from 'vitest'
import { boughtQuickly, didNotBuy } from '../../test/sample-checkouts.ts'
import { builtInFiles, builtInMessages } from '../testing/messages.ts'
import { parseTemplate } from './parse-template.ts'
import { createFactsOf } from './placeholders.ts'
import { LONGEST_MESSAGE, renderMessage } from './render-message.ts'

const quickMessage = `Estimad@ Scarlett,

¡Esperamos que estés bien! Queríamos recordarte que has adquirido el producto 'Colchón de espuma viscoelástica' en nuestra tienda en línea de Falabella. Tu número de folio es: SRZ-5509, donde te demoraste un tiempo corto en adquirirlo, te invitamos a seguir comprando en nuestra plataforma.

Saludos.`
const slowMessage = `Estimad@ John,

¡Esperamos que estés bien! Queríamos recordarte que has adquirido el producto 'Kit de maquillaje profesional' en nuestra tienda en línea de Falabella. Tu número de folio es: ABC-0042, si te sucedió un error en la plataforma que hizo que tu tiempo en comprar el producto se atrasara, no dudes en contactarnos.

Saludos.`

const bytes = (text: string | null) => Buffer.from(text ?? '').toString('hex')
const { messageFor } = builtInMessages

describe('a built-in message is exactly the text of docs/reference/domain.md', () => {
  test('for a quick purchase', () => {
    expect(bytes(messageFor('quick', boughtQuickly))).toBe(bytes(quickMessage))
  })

  test('for a slow one', () => {
    const bought = { ...didNotBuy, taps: 31, folio: 'ABC-0042' }
    expect(bytes(messageFor('slow', bought))).toBe(bytes(slowMessage))
  })
})

test.each(['none', 'unverified', 'invalid'] as const)('there is no message for %s', (kind) => {
  expect(messageFor(kind, boughtQuickly)).toBeNull()
})

test('contains the configured store, and keeps placeholders and replacement patterns in customer data', () => {
  const odd = { ...boughtQuickly, nombre: "$& {folio} 'O", productovisto: '$1{nombre}{{' }
  const message = builtInFiles({ storeName: 'Ripley {folio}' }).messages.messageFor('quick', odd)
  expect(message).toMatch(/^Estimad@ \$& \{folio\} 'O,\n\n/)
  expect(message).toContain("el producto '$1{nombre}{{' en nuestra tienda en línea de Ripley {folio}. Tu")
})

test.each(['a\nb', 'a\r\nb', 'a\u2028b', 'a\u0000\u001b\u0085b', 'a\tb'])(
  '%j stays on one line',
  (productovisto) => {
    expect(messageFor('quick', { ...boughtQuickly, productovisto })).toContain("el producto 'a b' en")
  },
)

const factsOf = createFactsOf('es', 'Falabella')

function rendered(text: string, given: Partial<typeof boughtQuickly>): string {
  const { template, faults } = parseTemplate(text, { mayUseRecorrido: true })
  expect(faults).toEqual([])
  return renderMessage(template, factsOf({ ...boughtQuickly, ...given }))
}

describe('the length of a message', () => {
  const product = (length: number) => 'p'.repeat(length)

  test('is as it is up to the limit', () => {
    const message = rendered('<{productovisto}>', { productovisto: product(LONGEST_MESSAGE - 2) })
    expect(message).toBe(`<${product(LONGEST_MESSAGE - 2)}>`)
  })

  test('is the limit beyond it: the value is cut and the rest is kept', () => {
    const message = rendered('<{productovisto}>', { productovisto: product(LONGEST_MESSAGE - 1) })
    expect(message).toBe(`<${product(LONGEST_MESSAGE - 3)}…>`)
    expect(message).toHaveLength(LONGEST_MESSAGE)
  })

  test('is kept by cutting only the longest values', () => {
    const text = '{nombre} {productovisto} {folio} {productovisto}'
    const message = rendered(text, { productovisto: product(3_000), nombre: 'n'.repeat(80) })
    const each = (LONGEST_MESSAGE - 80 - 8 - 3) / 2
    const cut = `${product(Math.floor(each) - 1)}…`
    expect(message).toBe(`${'n'.repeat(80)} ${cut} SRZ-5509 ${cut}`)
  })

  test('never cuts a name, with the most placeholders and the longest template', () => {
    const nombre = '𝒏'.repeat(80)
    const text = `{nombre}${'{productovisto}'.repeat(11)}`
    const message = rendered(text.padEnd(2_000, 'x'), { nombre, productovisto: product(60_000) })
    expect(message.startsWith(nombre + product(10))).toBe(true)
    expect(message.length).toBeLessThanOrEqual(LONGEST_MESSAGE)
  })

  // One character for readers, of several code points: family, flag, letter with marks, Hangul.
  test.each(['👩‍👩‍👧', '🇨🇱', 'e\u0301\u0323', '각'])('is never within the character %s', (character) => {
    const { length } = character
    for (let before = 0; before < length + 2; before++) {
      const start = product(LONGEST_MESSAGE - 2 * length + before)
      const message = rendered('{productovisto}', { productovisto: start + character.repeat(4) })
      const rest = message.slice(start.length, -1)
      expect(message.at(-1)).toBe('…')
      expect(message.length).toBeLessThanOrEqual(LONGEST_MESSAGE)
      expect(rest.replaceAll(character, '')).toBe('')
      expect(message.length + length).toBeGreaterThan(LONGEST_MESSAGE)
    }
  })

  test('is kept for one character that is longer than the limit', () => {
    const message = rendered('<{productovisto}>', { productovisto: `e${'\u0301'.repeat(5_000)}` })
    expect(message).toBe('<…>')
  })
})
