import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { checkReplay, readReplay } from './read-replay.ts'

const folder = mkdtempSync(join(tmpdir(), 'replays-'))
afterAll(() => rmSync(folder, { recursive: true }))

let files = 0
function write(content: string | Uint8Array): string {
  const path = join(folder, `${files++}.ndjson`)
  writeFileSync(path, content)
  return path
}

async function read(content: string | Uint8Array, workers = 1) {
  const path = write(content)
  const replays = await Promise.all(
    Array.from({ length: workers }, (_, worker) => readReplay(path, worker, workers)),
  )
  const total = replays[0]?.total ?? 0
  return Array.from({ length: total }, (_, iteration) => replays[iteration % workers]?.bodyOf(iteration))
}

const BODIES = ['{"id":1}', '{"id":2,"nombre":"Ñuñez"}', '{"id":3}', '{ "id": 4.0 }', '{"id":5}']

test.each([1, 2, 3, 7])('%i workers hold all lines among them, byte for byte', async (workers) => {
  expect(await read(BODIES.map((body) => `${body}\n`).join(''), workers)).toEqual(BODIES)
})

test('a worker has its own lines only', async () => {
  const { total, bodyOf } = await readReplay(write(BODIES.join('\n')), 1, 2)
  expect(total).toBe(5)
  expect(bodyOf(3)).toBe(BODIES[3])
  for (const iteration of [0, 2, 5, 7, -1]) expect(() => bodyOf(iteration)).toThrow(RangeError)
})

test.each([
  ['no line break at the end', BODIES.join('\n')],
  ['CRLF', BODIES.map((body) => `${body}\r\n`).join('')],
  ['a byte order mark', `\uFEFF${BODIES.join('\n')}\n`],
  ['a byte order mark and a blank line', `\uFEFF\r\n${BODIES.join('\n')}\n`],
  ['blank lines', `\n\r\n  \t\n${BODIES.join('\n\n \n')}\n\n\r\n`],
])('%s', async (_, content) => {
  expect(await read(content)).toEqual(BODIES)
  expect(await checkReplay(write(content))).toEqual({ lines: BODIES.length, faults: [] })
})

test('U+2028 is no line break: JSON allows it in a text', async () => {
  const body = '{"nombre":"a\u2028b\u0085c"}'
  expect(await read(`${body}\n${body}\n`)).toEqual([body, body])
})

test('lines across chunks of a file stay complete', async () => {
  const bodies = Array.from({ length: 3_000 }, (_, n) =>
    JSON.stringify({ n, text: 'ñ€😀'.repeat(100 + (n % 7)) }),
  )
  const content = bodies.join('\r\n')
  expect(content.length).toBeGreaterThan(1 << 20)
  expect(await read(content, 2)).toEqual(bodies)
  expect(await checkReplay(write(content))).toEqual({ lines: 3_000, faults: [] })
})

test('a line that cannot be sent is named as an editor counts lines, blank ones too', async () => {
  const path = write('{"id":1}\n\nno\n[1]\n"text"\nnull\n{"id":2}\n')
  expect(await checkReplay(path)).toEqual({
    lines: 6,
    faults: [
      `${path}, line 3: not JSON`,
      `${path}, line 4: not a JSON object`,
      `${path}, line 5: not a JSON object`,
      `${path}, line 6: not a JSON object`,
    ],
  })
})

test('five faults are named, the others counted', async () => {
  const path = write('no\n'.repeat(9))
  const { faults } = await checkReplay(path)
  expect(faults).toEqual([...[1, 2, 3, 4, 5].map((line) => `${path}, line ${line}: not JSON`), 'and 4 more'])
  expect((await checkReplay(write('no\n'.repeat(5)))).faults).toHaveLength(5)
})

test('invalid UTF-8 is a fault, and is not replaced', async () => {
  const path = write(Buffer.from('{"nombre":"Muñoz"}\n', 'latin1'))
  expect((await checkReplay(path)).faults).toEqual([`${path}, line 1: not UTF-8`])
})

test.each(['', '\n', '\uFEFF', ' \r\n\n'])('a file of %j has no checkout', async (content) => {
  const path = write(content)
  expect(await checkReplay(path)).toEqual({ lines: 0, faults: [`${path} contains no checkout`] })
})

test('a missing file, a directory and a file of one endless line are each reported in one line', async () => {
  const [missing, endless] = [join(folder, 'missing.ndjson'), write('['.padEnd(5 << 20))]
  expect(await checkReplay(missing)).toEqual({
    lines: 0,
    faults: [`cannot read ${missing}: no such file or directory`],
  })
  expect((await checkReplay(folder)).faults).toEqual([
    `cannot read ${folder}: illegal operation on a directory`,
  ])
  expect((await checkReplay(endless)).faults).toEqual([
    `cannot read ${endless}: line 1 is longer than a mebibyte`,
  ])
})
