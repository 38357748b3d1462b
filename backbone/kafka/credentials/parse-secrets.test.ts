import { expect, test } from 'vitest'
import { parsePassword } from './parse-secrets.ts'

const parse = (content: string | Buffer) =>
  parsePassword({ name: 'KAFKA_SASL_PASSWORD_FILE', path: 'password', text: content.toString() })

test.each([
  ['pass', 'pass'],
  ['pass\n', 'pass'],
  ['pass\r\n', 'pass'],
  ['\ufeffpass\n', 'pass'],
  [' two words \n', ' two words '],
  ['\t\u00a0%,="\'\\\n', '\t\u00a0%,="\'\\'],
  ['contraseña €\n', 'contraseña €'],
  ['first\nsecond\n', 'first\nsecond'],
])(
  '%j is the password %j: only a byte order mark and the last line ends do not belong to it',
  (content, password) => {
    expect(parse(content)).toBe(password)
  },
)

test.each(['', '\n', ' \r\n'])('%j is no password', (content) => {
  expect(() => parse(content)).toThrow('KAFKA_SASL_PASSWORD_FILE: password is empty')
})

test.each<BufferEncoding>(['latin1', 'utf16le'])(
  '%s, which would be another password, is a fault',
  (encoding) => {
    const content = Buffer.from('\ufeffcontraseña', encoding)
    expect(() => parse(content)).toThrow('KAFKA_SASL_PASSWORD_FILE: password is not UTF-8')
  },
)
