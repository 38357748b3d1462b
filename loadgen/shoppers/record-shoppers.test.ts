import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Checkout } from '../../backbone/records/checkout.ts'
import { readReplay } from './read-replay.ts'
import { createRecorder, RecordError } from './record-shoppers.ts'
import { createShoppers } from './shopper.ts'
import { defaultShares } from './shopper-shares.ts'

const FILES = [
  'apellido.txt',
  'checkouts.ndjson',
  'checkouts.times.txt',
  'ciudad.txt',
  'direccion.txt',
  'edad.txt',
  'email.txt',
  'folio.txt',
  'id.txt',
  'nombre.txt',
  'pais.txt',
  'productovisto.txt',
  'recorrido.txt',
  'taps.txt',
  'telefono.txt',
]
const folder = mkdtempSync(join(tmpdir(), 'recordings-'))
afterAll(() => rmSync(folder, { recursive: true }))

let directories = 0
const nextDirectory = () => join(folder, String(directories++), 'runs')
const textOf = (directory: string, file: string) => readFileSync(join(directory, file), 'utf8')
const linesOf = (directory: string, file: string) => textOf(directory, file).split('\n').slice(0, -1)

const shopperOf = createShoppers(1, { ...defaultShares, path: 0.5 })
const shoppers = Array.from({ length: 1_000 }, (_, iteration) => shopperOf(iteration))
/** Each due 1.5 ms after the previous one. */
const recorded = (checkouts: readonly Checkout[], first = 0) =>
  checkouts.map((checkout, index) => ({ checkout, atMs: 1.5 * (first + index) }))

async function recordIn(directory: string, checkouts: readonly Checkout[]) {
  const recorder = await createRecorder(directory)
  await recorder.record(recorded(checkouts))
  await recorder.close()
}

async function recordNothing(directory: string) {
  const recorder = await createRecorder(directory)
  await recorder.close()
}

test('line n of every file is of the n-th shopper', async () => {
  const directory = nextDirectory()
  const recorder = await createRecorder(directory)
  for (let from = 0; from < shoppers.length; from += 300)
    await recorder.record(recorded(shoppers.slice(from, from + 300), from))
  await recorder.close()

  expect(readdirSync(directory).toSorted()).toEqual(FILES)
  for (const file of FILES) {
    expect(execFileSync('wc', ['-l', file], { cwd: directory, encoding: 'utf8' }).trim()).toBe(`1000 ${file}`)
  }
  expect(linesOf(directory, 'checkouts.ndjson').map((line) => JSON.parse(line))).toEqual(shoppers)
  expect(linesOf(directory, 'checkouts.times.txt').slice(0, 3)).toEqual(['0.000', '1.500', '3.000'])
  expect(linesOf(directory, 'checkouts.times.txt').at(-1)).toBe('1498.500')
  for (const field of ['id', 'nombre', 'apellido', 'edad', 'email', 'telefono', 'taps', 'folio'] as const) {
    expect(linesOf(directory, `${field}.txt`)).toEqual(shoppers.map((shopper) => String(shopper[field])))
  }
  for (const field of ['direccion', 'ciudad', 'pais'] as const) {
    expect(linesOf(directory, `${field}.txt`)).toEqual(shoppers.map(({ ubicacion }) => ubicacion[field]))
  }
  expect(linesOf(directory, 'productovisto.txt')).toEqual(shoppers.map((shopper) => shopper.productovisto))
  expect(linesOf(directory, 'recorrido.txt').map((line) => JSON.parse(line))).toEqual(
    shoppers.map(({ recorrido }) => recorrido ?? null),
  )
})

test('batches are saved in the order they were handed over, also without waiting between them', async () => {
  const directory = nextDirectory()
  const recorder = await createRecorder(directory)
  for (const shopper of shoppers.slice(0, 200)) void recorder.record(recorded([shopper]))
  await recorder.close()
  const ids = shoppers.slice(0, 200).map(({ id }) => id)
  expect(linesOf(directory, 'id.txt')).toEqual(ids)
  expect(linesOf(directory, 'checkouts.ndjson').map((line) => JSON.parse(line).id)).toEqual(ids)
})

test('a replayed checkout with line breaks, with nulls, or with hardly anything, takes one line everywhere', async () => {
  const directory = nextDirectory()
  const odd = JSON.parse('{"nombre":"Ana\\r\\nMaría","apellido":"a\\nb\\u2028c\\rd","taps":null,"edad":"44"}')
  await recordIn(directory, [odd, {} as Checkout])
  for (const file of FILES) expect(linesOf(directory, file)).toHaveLength(2)
  expect(textOf(directory, 'nombre.txt')).toBe('Ana María\nnull\n')
  expect(textOf(directory, 'apellido.txt')).toBe('a b c d\nnull\n')
  expect(textOf(directory, 'edad.txt')).toBe('44\nnull\n')
  expect(textOf(directory, 'taps.txt')).toBe('null\nnull\n')
  expect(textOf(directory, 'direccion.txt')).toBe('null\nnull\n')
  expect(linesOf(directory, 'checkouts.ndjson').map((line) => JSON.parse(line))).toEqual([odd, {}])
})

test('a recording is never written over, nor added to', async () => {
  const directory = nextDirectory()
  await recordIn(directory, shoppers.slice(0, 2))
  const before = textOf(directory, 'checkouts.ndjson')
  await expect(createRecorder(directory)).rejects.toThrow(
    new RecordError(`${directory} already contains a recording (checkouts.ndjson)`),
  )
  expect(textOf(directory, 'checkouts.ndjson')).toBe(before)
})

test('without a checkout there is no recording, and the directory is free for the next one', async () => {
  const directory = nextDirectory()
  await recordNothing(directory)
  expect(readdirSync(directory)).toEqual([])
  await recordIn(directory, shoppers.slice(0, 1))
  expect(linesOf(directory, 'id.txt')).toHaveLength(1)
})

test('of two concurrent recordings the first stays complete, and the second leaves no files', async () => {
  const directory = nextDirectory()
  const [first, second] = await Promise.all([createRecorder(directory), createRecorder(directory)])
  await first.record(recorded(shoppers.slice(0, 1)))
  rmSync(join(directory, 'checkouts.ndjson'))
  await expect(second.record(recorded(shoppers.slice(1, 2)))).rejects.toThrow(
    new RecordError(`cannot record in ${directory}: file already exists`),
  )
  await Promise.all([first.close(), second.close()])
  expect(readdirSync(directory).toSorted()).toEqual(FILES.filter((file) => file !== 'checkouts.ndjson'))
  expect(textOf(directory, 'id.txt')).toBe(`${shoppers[0]?.id}\n`)
})

test('remains of a recording count as one, other files do not', async () => {
  const [left, other] = [nextDirectory(), nextDirectory()]
  for (const directory of [left, other]) mkdirSync(directory, { recursive: true })
  writeFileSync(join(left, 'folio.txt'), 'SRZ-5509\n')
  writeFileSync(join(other, 'notes.txt'), 'mine')
  await expect(createRecorder(left)).rejects.toThrow(`${left} already contains a recording (folio.txt)`)
  await recordIn(other, shoppers.slice(0, 1))
  expect(textOf(other, 'notes.txt')).toBe('mine')
})

test('a directory that cannot be made is named with the reason', async () => {
  const file = join(folder, 'file')
  writeFileSync(file, '')
  await expect(createRecorder(join(file, 'runs'))).rejects.toThrow(
    new RecordError(`cannot record in ${join(file, 'runs')}: not a directory`),
  )
})

test('a recording is replayed byte for byte', async () => {
  const directory = nextDirectory()
  await recordIn(directory, shoppers)
  const path = join(directory, 'checkouts.ndjson')
  const replays = await Promise.all([0, 1, 2].map((worker) => readReplay(path, worker, 3)))
  const bodies = shoppers.map((_, iteration) => replays[iteration % 3]?.bodyOf(iteration))
  expect(bodies).toEqual(shoppers.map((shopper) => JSON.stringify(shopper)))
})
