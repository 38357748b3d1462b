import { describe, expect, test } from 'vitest'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { parseCheckout } from './parse-checkout.ts'

const faultsOf = (email: string) => parseCheckout({ ...boughtQuickly, email }).faults

const longestDomain = `${'d'.repeat(63)}.${'e'.repeat(63)}.${'f'.repeat(58)}.cl`

test.each([
  'Scarlett.Morris@mail.com',
  'a@b.cl',
  "o'higgins+cyber=day@sub.tienda.example",
  '_-_@guiones.cl',
  'josé.muñoz@correo.cl',
  'jose\u0301@correo.cl',
  'usuario@ñandú.cl',
  'usuario@xn--and-6ma2c.cl',
  '用户@例え.テスト',
  '1@1.co',
  'a@a-b--c.d-e.com',
  `${'a'.repeat(64)}@b.cl`,
  `a@${'b'.repeat(63)}.cl`,
  `${'a'.repeat(64)}@${longestDomain}`,
])('%s is an address', (email) => {
  expect(faultsOf(email)).toEqual([])
})

test.each([
  '',
  'mail.com',
  '@mail.com',
  'a@',
  'a@mail',
  'a@@mail.com',
  'a@b@mail.com',
  '.a@mail.com',
  'a.@mail.com',
  'a..b@mail.com',
  'a@.mail.com',
  'a@mail..com',
  'a@mail.com.',
  'a@-mail.com',
  'a@mail-.com',
  'a@mail.-com',
  'a@mail.com-',
  'a@mail.c',
  'a@mail.123',
  'a@127.0.0.1',
  'a@[127.0.0.1]',
  'a@ma_il.com',
  'a b@mail.com',
  'a@ma il.com',
  'a,b@mail.com',
  '"a b"@mail.com',
  'Ana <ana@mail.com>',
  'ana@mail.com,eva@mail.com',
  'ana@mail.com\nBcc: eva@mail.com',
  'ana@mail.com\r\n.',
  `${'a'.repeat(65)}@mail.com`,
  `a@${'b'.repeat(64)}.cl`,
  `${'a'.repeat(64)}@g${longestDomain}`,
])('%j is none', (email) => {
  expect(faultsOf(email).map(({ pointer }) => pointer)).toEqual(['/email'])
})

describe('hostile input', () => {
  const longest = 254
  const shapes: [string, (size: number) => string][] = [
    ['one endless name', (size) => 'a'.repeat(size)],
    ['no end to the domain', (size) => `a@${'b'.repeat(size)}`],
    ['dots', (size) => `a@${'.'.repeat(size)}`],
    ['short labels and no last one', (size) => `a@${'b.'.repeat(size / 2)}`],
    ['labels of hyphens', (size) => `a@${'b-'.repeat(size / 2)}`],
    ['full labels, spoilt at the end', (size) => `a@${`${'b'.repeat(63)}.`.repeat(size / 64)}!`],
    ['many at signs', (size) => 'a@'.repeat(size / 2)],
    ['letters that could be either class', (size) => `a@${'é1'.repeat(size / 2)}_`],
  ]

  test.each(shapes)('beyond the longest address the pattern is not tried: %s', (_, shape) => {
    expect(faultsOf(shape(100_000)).map(({ code }) => code)).toEqual(['length'])
  })

  // A pattern with exponential backtracking would not finish on one of these.
  test.each(shapes)('up to the longest address an answer comes: %s', (_, shape) => {
    for (let size = 2; size < longest; size++) {
      expect(faultsOf(shape(size).slice(0, longest)), `${size} characters`).toHaveLength(1)
    }
  })
})
