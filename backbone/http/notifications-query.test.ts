import { Hono } from 'hono'
import { describe, expect, test } from 'vitest'
import { ProblemError } from '../problem.ts'
import { baseKinds } from '../records/outcome.ts'
import { notificationsQuerySchema } from './notifications-query.ts'
import { validateNoQuery, validateQuery } from './validate-request.ts'

const app = new Hono()
app.get('/', validateQuery(notificationsQuerySchema), (context) => context.json(context.req.valid('query')))
app.get('/nothing', validateNoQuery(), (context) => context.text('ok'))
app.onError((error, context) => {
  if (!(error instanceof ProblemError)) throw error
  return context.json({ code: error.code, detail: error.message }, 400)
})

/** The faults of a rejected query. */
async function faultsOf(query: string, path = '/'): Promise<string[]> {
  const response = await app.request(`${path}?${query}`)
  const { code, detail } = (await response.json()) as { code: string; detail: string }
  expect([response.status, code]).toEqual([400, 'invalid-request'])
  return detail.split('; ')
}

async function taken(query: string): Promise<unknown> {
  const response = await app.request(`/?${query}`)
  expect(response.status, query).toBe(200)
  return response.json()
}

test('asks for notifications, a hundred of them, when it is empty', async () => {
  for (const query of ['', '&', '&&=1&']) {
    expect(await taken(query)).toEqual({ kind: 'notified', limit: 100, order: 'asc' })
  }
})

test('takes all of its parameters', async () => {
  const query = new URLSearchParams({
    kind: 'none,invalid',
    customer: '062292FD7B7E3E688F29418E',
    folio: ' srz-5509 ',
    product: ' Cafe\u0301\n',
    since: '2025-11-26T00:00:00Z',
    until: '2025-11-26T00:00:00.500-03:00',
    limit: '1000',
    cursor: 'AQA',
    lastEventId: 'AQE',
    from: 'earliest',
    order: 'asc',
  })
  expect(await taken(query.toString())).toEqual({
    kind: ['none', 'invalid'],
    customer: '062292fd7b7e3e688f29418e',
    folio: 'SRZ-5509',
    product: 'Café',
    since: Date.UTC(2025, 10, 26),
    until: Date.UTC(2025, 10, 26, 3, 0, 0, 500),
    limit: 1_000,
    cursor: 'AQA',
    lastEventId: 'AQE',
    from: 'earliest',
    order: 'asc',
  })
})

test.each(['kind=none,quick', 'kind=none&kind=quick', 'k%69nd=none%2Cquick', 'kind=none%2cquick'])(
  '%s is one list',
  async (query) => {
    expect(await taken(query)).toMatchObject({ kind: ['none', 'quick'] })
  },
)

test('names everything that is wrong with it at once', async () => {
  const query =
    'kind=quick,Exprés&customer=yo&since=ayer&until=2025-11-26T00:00:00&limit=0&from=later&folio=1&product=&order=up&customr=1'
  const faults = await faultsOf(query)
  expect(faults.map((fault) => fault.split(' ')[0])).toEqual([
    'kind',
    'customer',
    'folio',
    'product',
    'since',
    'until',
    'limit',
    'from',
    'order',
    'customr',
  ])
})

describe('an unknown parameter is named, with the most similar known one', () => {
  test.each([
    ['customr=062292fd7b7e3e688f29418e', 'customr is not a parameter of this route: did you mean customer?'],
    [
      'Customer=062292fd7b7e3e688f29418e',
      'Customer is not a parameter of this route: did you mean customer?',
    ],
    ['kinds=none', 'kinds is not a parameter of this route: did you mean kind?'],
    ['last-event-id=AQA', 'last-event-id is not a parameter of this route: did you mean lastEventId?'],
    ['sin%63=2025-11-26T00:00:00Z', 'sinc is not a parameter of this route: did you mean since?'],
    ['kind%5B%5D=none', 'kind[] is not a parameter of this route: did you mean kind?'],
  ])('%s', async (query, fault) => {
    expect(await faultsOf(query)).toEqual([fault])
  })

  test.each(['page=2', 'page', '__proto__=1&page=1', 'constructor=1&page=1'])(
    '%s, or with all known ones',
    async (query) => {
      const all =
        'it has kind, owner, customer, folio, product, since, until, limit, cursor, from, lastEventId, order'
      const names = new URLSearchParams(query).keys()
      expect(await faultsOf(query)).toEqual(
        [...names].map((name) => `${name} is not a parameter of this route: ${all}`),
      )
    },
  )

  test('also for a route without parameters', async () => {
    expect(await faultsOf('wait=5', '/nothing')).toEqual([
      'wait is not a parameter of this route: it has none',
    ])
    expect((await app.request('/nothing')).status).toBe(200)
    expect((await app.request('/nothing?')).status).toBe(200)
  })
})

const single = [
  'customer',
  'folio',
  'product',
  'since',
  'until',
  'limit',
  'cursor',
  'lastEventId',
  'from',
  'order',
]

test.each(single)('%s given twice is refused, the same value too', async (name) => {
  for (const values of [
    ['1', '2'],
    ['1', '1'],
    ['', ''],
  ]) {
    const query = values.map((value) => `${name}=${value}`).join('&')
    expect(await faultsOf(query)).toEqual([`${name} may be given only once`])
  }
})

test.each([
  ['2025-11-26T00:00:00Z', '2025-11-26T00:00:00Z'],
  ['2025-11-26T00:00:00Z', '2025-11-25T23:59:59Z'],
  ['2025-11-26T00:00:00-03:00', '2025-11-26T00:00:00Z'],
])('since %s is not before until %s', async (since, until) => {
  const query = new URLSearchParams({ since, until })
  expect(await faultsOf(query.toString())).toEqual(['since must be before until'])
})

describe('refuses', () => {
  test.each(['0', '-1', '1001', '1.5', 'NaN', 'ten', '', '+', '5+', '0x10', '1e9', 'Infinity', '10%25'])(
    'limit=%s',
    async (limit) => {
      expect(await faultsOf(`limit=${limit}`)).toEqual(['limit must be 1 to 1000'])
    },
  )

  test.each(['SRZ-550', 'SRZ-55099', 'SR-5509', 'SRZ5509', '1RZ-5509', 'ÑRZ-5509', ''])(
    'folio=%s',
    async (folio) => {
      expect(await faultsOf(`folio=${folio}`)).toEqual([
        'folio must be three letters, a dash and four digits',
      ])
    },
  )

  const KINDS = `kind must be one of ${baseKinds.join(', ')}, all, or a kind of the rules in force`

  test.each(['', 'quick,', 'quick;slow', '__proto__', 'quick&kind=', 'a'.repeat(33)])(
    'kind=%s',
    async (kind) => {
      expect(await faultsOf(`kind=${kind}`)).toEqual([KINDS])
    },
  )

  test.each([
    ['Quick', 'quick'],
    ['quik', 'quick'],
    ['quick,+slow', 'slow'],
    ['unverifed', 'unverified'],
  ])('kind=%s, and names the kind that was probably meant', async (kind, meant) => {
    expect(await faultsOf(`kind=${kind}`)).toEqual([KINDS, `did you mean ${meant}?`])
  })

  test.each(['2025-11-26', '2025-02-30T00:00:00Z', '1764115200000', '2025-11-26T25:00:00Z', ''])(
    'since=%s',
    async (since) => {
      expect(await faultsOf(`since=${since}`)).toEqual(['since must be a time in ISO 8601 with a zone'])
    },
  )

  test.each(['0'.repeat(23), '0'.repeat(25), 'g'.repeat(24), `${'0'.repeat(24)}%0A`])(
    'customer=%s',
    async (customer) => {
      expect(await faultsOf(`customer=${customer}`)).toEqual(['customer must be 24 hexadecimal digits'])
    },
  )

  test.each(['cursor=AQ%', 'cursor=%zz', 'k%i%6Ed=none', 'from=now&%E0%A4%A=1', 'lastEventId=%ff'])(
    '%s, which is not encoded as it must be',
    async (query) => {
      expect(await faultsOf(query)).toEqual(['the query is not UTF-8 in percent-encoding'])
    },
  )
})
