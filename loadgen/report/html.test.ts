import { expect, test } from 'vitest'
import { type Content, html, textOf } from './html.ts'

test('text is escaped, inside and outside of attributes', () => {
  const evil = `<script>alert("x" & 'y')</script>`
  const escaped = '&lt;script&gt;alert(&quot;x&quot; &amp; &#39;y&#39;)&lt;/script&gt;'
  expect(textOf(html`<p title="${evil}">${evil}</p>`)).toBe(`<p title="${escaped}">${escaped}</p>`)
})

test('markup is not escaped, alone and in lists', () => {
  const items = ['a', '<b>'].map((name) => html`<li>${name}</li>`)
  expect(textOf(html`<ul>${items}</ul>${html`<hr>`}`)).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul><hr>')
})

test('undefined is empty, zero is kept', () => {
  expect(textOf(html`[${undefined}${null}${[]}${0}]`)).toBe('[0]')
})

test('JSON cannot imitate markup', () => {
  const read = JSON.parse('["<i>", ["<u>"]]') as Content
  expect(textOf(html`${read}`)).toBe('&lt;i&gt;&lt;u&gt;')
})
