import { parse } from 'csv-parse/sync'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createTestKeys } from '../../backbone/access/testing/keys.ts'
import { checkoutSchema } from '../../backbone/records/checkout.ts'
import { baseKinds, outcomeSchema, redriveSchema } from '../../backbone/records/outcome.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { createTestApp } from '../testing/apps.ts'
import { createTestReadModels, follow, range } from '../testing/read-models.ts'
import { eventAt, outcomeRecord } from '../testing/records.ts'

const readModels = createTestReadModels()
afterEach(() => vi.useRealTimers())

type Row = Record<string, string>
const rowsOf = (text: string) =>
  parse(text, { bom: true, columns: true, record_delimiter: '\r\n' }) as unknown as Row[]
const linesOf = (text: string) =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => outcomeSchema.parse(JSON.parse(line)))

function setUp() {
  const readModel = readModels.open()
  const app = createTestApp(readModel)
  const text = async (query: string) => (await app.get(`/notifications/export?${query}`)).text()
  return { readModel, ...app, text }
}

/** Three partitions with outcomes of every kind. */
async function withOutcomes(count: number) {
  const app = setUp()
  for (const partition of range(0, 3)) {
    await follow(app.readModel, partition, range(0, count), (offset) => ({
      kind: baseKinds[offset % baseKinds.length] ?? 'none',
      classifiedAt: offset * 3 + partition,
    }))
  }
  return app
}

test('is a file with the date in its name, and the type of its format', async () => {
  vi.useFakeTimers({ now: new Date('2026-11-29T23:59:00Z'), toFake: ['Date'] })
  const { get } = setUp()
  for (const [query, type, name] of [
    ['', 'application/x-ndjson', 'notifications-2026-11-29.ndjson'],
    ['?format=csv', 'text/csv; charset=utf-8; header=present', 'notifications-2026-11-29.csv'],
  ]) {
    const { headers } = await get(`/notifications/export${query}`)
    expect(headers.get('content-type')).toBe(type)
    expect(headers.get('content-disposition')).toBe(`attachment; filename="${name}"`)
  }
})

test('HEAD has the same headers, and counts as no stream', async () => {
  const keys = createTestKeys()
  const { headers } = keys.mint('web', ['read'])
  const { get } = createTestApp(readModels.open(), keys.open().access)
  for (const _ of range(0, 5)) {
    const response = await get('/notifications/export', { method: 'HEAD', headers })
    expect([response.status, await response.text()]).toEqual([200, ''])
    expect(response.headers.get('content-disposition')).toContain('attachment')
  }
})

test('has every matching outcome once, with each filter', async () => {
  const { readModel, text } = await withOutcomes(1_000)
  const all = range(0, 3).flatMap((partition) =>
    range(0, 1_000).map((offset) => ({
      partition,
      offset,
      kind: baseKinds[offset % baseKinds.length],
    })),
  )
  const ids = (some: typeof all) => some.map(({ partition, offset }) => eventAt(partition, offset)).toSorted()
  const exported = async (query: string) =>
    linesOf(await text(query))
      .map(({ eventId }) => eventId)
      .toSorted()

  expect(await exported('')).toEqual(ids(all.filter(({ kind }) => kind === 'quick' || kind === 'slow')))
  for (const kind of baseKinds)
    expect(await exported(`kind=${kind}`)).toEqual(ids(all.filter((one) => one.kind === kind)))
  const every = `kind=${baseKinds.join(',')}`
  expect(await exported(every)).toEqual(ids(all))
  const [since, until] = [new Date(300).toISOString(), new Date(600).toISOString()]
  expect(await exported(`${every}&since=${since}&until=${until}`)).toEqual(
    ids(all.filter(({ offset }) => offset >= 100 && offset < 200)),
  )
  await follow(readModel, 0, [1_000], () => ({ customer: 'e'.repeat(24), kind: 'none' }))
  expect(await exported(`kind=none&customer=${'e'.repeat(24)}`)).toEqual([eventAt(0, 1_000)])
})

describe('CSV', () => {
  test('has a column for each field of an outcome and of a checkout', async () => {
    const [row] = rowsOf(await (await withOutcomes(2)).text('format=csv'))
    const { ubicacion, ...flat } = checkoutSchema.shape
    const { checkout: _, source, redrive: _redrive, ...own } = outcomeSchema.shape
    expect(Object.keys(row ?? {}).toSorted()).toEqual(
      [
        ...Object.keys(own),
        ...Object.keys(flat),
        ...Object.keys(ubicacion.shape).map((field) => `ubicacion.${field}`),
        ...Object.keys(source.shape).map((field) => `source.${field}`),
        ...Object.keys(redriveSchema.shape).map((field) => `redrive.${field}`),
      ].toSorted(),
    )
    expect(row).toMatchObject({
      eventId: eventAt(0, 1),
      kind: 'quick',
      message: 'Estimad@ Scarlett,\n\nñandú SRZ-5509',
      id: boughtQuickly.id,
      nombre: boughtQuickly.nombre,
      edad: String(boughtQuickly.edad),
      taps: String(boughtQuickly.taps),
      telefono: `'${boughtQuickly.telefono}`,
      'ubicacion.ciudad': boughtQuickly.ubicacion.ciudad,
      classifiedAt: '1970-01-01T00:00:00.003Z',
      faults: '',
      'source.partition': '0',
      'source.offset': '1',
    })
  })

  test('has only the header without outcomes, and starts with a byte order mark', async () => {
    const bytes = new Uint8Array(await (await setUp().get('/notifications/export?format=csv')).arrayBuffer())
    expect([...bytes.subarray(0, 3)]).toEqual([0xef, 0xbb, 0xbf])
    expect(Buffer.from(bytes).toString()).toMatch(/^\uFEFF"eventId",.*"redrive.at"\r\n$/)
  })

  test('has empty cells for an outcome without a checkout, and JSON for faulty values and lists', async () => {
    const { readModel, text } = setUp()
    const faulty = JSON.parse(outcomeRecord(0, 1, { kind: 'unverified' }).json.toString()) as object
    const recorrido = [{ etapa: 'pago', segundos: 1_068 }]
    const checkout = { ...boughtQuickly, nombre: { a: 1 }, edad: '=1+1', ubicacion: 'Lakewood', recorrido }
    const faults = [{ pointer: '/edad', code: 'type', detail: 'must be a whole number' }]
    const records = [
      outcomeRecord(0, 0, { kind: 'invalid' }),
      {
        ...outcomeRecord(0, 1, { kind: 'unverified' }),
        json: Buffer.from(JSON.stringify({ ...faulty, checkout, faults })),
      },
    ]
    await readModel.append(0, { records, next: 2, resume: 2, log: 'aaaaaaaa' })
    const [invalid, unverified] = rowsOf(await text('format=csv&kind=invalid,unverified'))
    expect(invalid).toMatchObject({
      kind: 'invalid',
      message: '',
      id: '',
      edad: '',
      recorrido: '',
      'ubicacion.pais': '',
    })
    expect(unverified).toMatchObject({
      nombre: '{"a":1}',
      edad: "'=1+1",
      recorrido: '[{"etapa":"pago","segundos":1068}]',
      'ubicacion.pais': '',
      faults: '/edad must be a whole number',
    })
  })
})

test('is masked and confined as the list is', async () => {
  const readModel = readModels.open()
  const [ana, eva] = ['a'.repeat(24), 'e'.repeat(24)]
  const owners = ['web', 'web', 'app']
  const records = owners.map((owner, offset) =>
    outcomeRecord(0, offset, { owner, customer: offset === 1 ? eva : ana }),
  )
  await readModel.append(0, { records, next: 3, resume: 3, log: 'aaaaaaaa' })
  const keys = createTestKeys()
  const masked = keys.mint('web', ['read'])
  const clear = keys.mint('web', ['read', 'personal'])
  const { get } = createTestApp(readModel, keys.open().access)
  const ask = async (query: string, { headers }: typeof masked) =>
    (await get(`/notifications/export?${query}`, { headers })).text()

  expect(linesOf(await ask('', clear)).map(({ checkout }) => checkout)).toMatchObject([
    { id: ana, nombre: boughtQuickly.nombre },
    { id: eva, nombre: boughtQuickly.nombre },
  ])
  const rows = rowsOf(await ask('format=csv', masked))
  expect(rows).toMatchObject([
    {
      id: ana,
      nombre: '***',
      telefono: '***',
      'ubicacion.direccion': '***',
      email: 'masked@example.invalid',
    },
    { id: eva, nombre: '***' },
  ])
  expect(JSON.stringify([rows, linesOf(await ask('', masked))])).not.toContain(boughtQuickly.apellido)
})

describe('while it is read', () => {
  const BATCH = 400

  /** An export of which only the first piece with outcomes was read. */
  async function begin() {
    const app = await withOutcomes(BATCH)
    const response = await app.get('/notifications/export?kind=none,quick,slow,unverified,invalid')
    const reader = response.body?.getReader()
    const first = await reader?.read()
    const read = [Buffer.from(first?.value ?? []).toString()]
    async function rest() {
      for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read())
        read.push(Buffer.from(piece.value).toString())
      return linesOf(read.join(''))
    }
    return { ...app, reader, rest }
  }

  test('later outcomes are left out', async () => {
    const { readModel, rest } = await begin()
    for (const partition of range(0, 3)) await follow(readModel, partition, range(BATCH, 2 * BATCH))
    const exported = await rest()
    expect(new Set(exported.map(({ eventId }) => eventId)).size).toBe(3 * BATCH)
    expect(exported).toHaveLength(3 * BATCH)
  })

  test('outcomes that retention removes break it off', async () => {
    const { readModel, rest } = await begin()
    readModel.cut(1, BATCH - 1)
    await expect(rest()).rejects.toThrow('removed before they were exported')
  })

  test('a recreated topic breaks it off', async () => {
    const { readModel, rest } = await begin()
    readModel.forget(2)
    await follow(readModel, 2, range(0, 10), () => ({ log: 'b' }), 'bbbbbbbb')
    await expect(rest()).rejects.toThrow('removed before they were exported')
  })

  test('outcomes that were read before retention removes them do not', async () => {
    const { readModel, rest } = await begin()
    readModel.cut(1, 10)
    expect(await rest()).toHaveLength(3 * BATCH)
  })
})

describe('of a key', () => {
  async function withKey() {
    const readModel = readModels.open()
    await follow(readModel, 0, range(0, 1_000), () => ({ owner: 'web' }))
    const keys = createTestKeys()
    const key = keys.mint('web', ['read'])
    const { get } = createTestApp(readModel, keys.open().access)
    return { keys, ask: () => get('/notifications/export', { headers: key.headers }) }
  }

  test('counts as an open stream until it is complete or its reader disconnects', async () => {
    const { ask } = await withKey()
    const [first, second] = [await ask(), await ask()]
    expect((await ask()).status).toBe(429)
    await first.body?.cancel()
    const third = await ask()
    expect((await ask()).status).toBe(429)
    expect(linesOf(await third.text())).toHaveLength(1_000)
    expect((await ask()).status).toBe(200)
    await second.body?.cancel()
  })

  test('breaks off when the key is removed', async () => {
    const { keys, ask } = await withKey()
    const reader = (await ask()).body?.getReader()
    expect((await reader?.read())?.done).toBe(false)
    keys.write('{"keys":[]}')
    await vi.waitFor(async () => expect((await ask()).status).toBe(401), { timeout: 5_000 })
    await expect(reader?.read()).rejects.toThrow('no longer valid')
  })
})

test('100,000 outcomes are read in small pieces, and none before the last was taken', async () => {
  const readModel = readModels.open({ keepInMemory: 1_000 })
  for (const batch of range(0, 20))
    for (const partition of range(0, 3))
      await follow(readModel, partition, range(batch * 1_667, (batch + 1) * 1_667))
  let reads = 0
  const counted = Object.assign(Object.create(readModel) as typeof readModel, {
    after: (...asked: Parameters<typeof readModel.after>) => {
      reads += 1
      return readModel.after(...asked)
    },
  })
  const { get } = createTestApp(counted)
  const reader = (await get('/notifications/export?format=csv')).body?.getReader()
  let [pieces, rows, largest, ahead] = [0, 0, 0, 0]
  for (let piece = await reader?.read(); piece?.done === false; piece = await reader?.read()) {
    pieces += 1
    ahead = Math.max(ahead, reads - pieces)
    largest = Math.max(largest, piece.value.length)
    rows += Buffer.from(piece.value).toString().split('"event-').length - 1
  }
  expect(rows).toBe(20 * 3 * 1_667)
  expect(ahead).toBeLessThanOrEqual(0)
  expect(largest).toBeLessThan(512 * 1024)
})
