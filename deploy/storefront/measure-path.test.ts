import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { parseValid } from '../../test/parse-valid.ts'
import { boughtQuickly } from '../../test/sample-checkouts.ts'
import { measurePath, type Path } from './measure-path.js'

type Visibility = 'visible' | 'hidden'

/** A tab of a browser, as far as the module sees it; pages of real ones are in test/storefront-path.test.ts. */
function createTab(storage: Map<string, string> | null = new Map()) {
  let page = { document: new EventTarget(), window: new EventTarget() }
  let visibilityState: Visibility = 'visible'

  function show(state: Visibility) {
    visibilityState = state
    page.document.dispatchEvent(new Event('visibilitychange'))
  }
  function unload() {
    page.window.dispatchEvent(new Event('pagehide'))
    page.document.dispatchEvent(new Event('visibilitychange'))
  }
  function load(state: Visibility = 'visible'): Path {
    page = { document: new EventTarget(), window: new EventTarget() }
    visibilityState = state
    const { document, window } = page
    Object.defineProperty(document, 'visibilityState', { get: () => visibilityState })
    vi.stubGlobal('document', document)
    vi.stubGlobal('addEventListener', window.addEventListener.bind(window))
    vi.stubGlobal('sessionStorage', storage && storageIn(storage))
    return measurePath()
  }
  return { load, show, unload }
}

const storageIn = (entries: Map<string, string>) => ({
  getItem: (name: string) => entries.get(name) ?? null,
  setItem: (name: string, value: string) => void entries.set(name, value),
})

const pass = (seconds: number) => vi.setSystemTime(Date.now() + seconds * 1_000)
const stagesOf = (path: Path) =>
  path
    .result()
    .recorrido.map(({ etapa, segundos, error }) =>
      error === undefined ? [etapa, segundos] : [etapa, segundos, error],
    )
const sumOf = (path: Path) => path.result().recorrido.reduce((sum, { segundos }) => sum + segundos, 0)

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: new Date('2026-11-30T21:00:00Z') })
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('each stage has its time, and taps is the sum in minutes', () => {
  const path = createTab().load()
  pass(2)
  path.enter('catalogo')
  pass(598)
  path.enter('carro')
  pass(60.26)
  path.enter('pago')
  pass(400)
  expect(path.result()).toEqual({
    taps: 17.7,
    recorrido: [
      { etapa: 'catalogo', segundos: 600 },
      { etapa: 'carro', segundos: 60.3 },
      { etapa: 'pago', segundos: 400 },
    ],
  })
})

test('a stage goes on after an error as another entry', () => {
  const path = createTab().load()
  path.enter('pago')
  pass(90)
  path.error(51)
  pass(30)
  path.error(' E-91 ')
  pass(10)
  expect(stagesOf(path)).toEqual([
    ['pago', 90, '51'],
    ['pago', 30, 'E-91'],
    ['pago', 10],
  ])
})

test('time in which the page is hidden is a pause after its stage', () => {
  const { load, show } = createTab()
  const path = load()
  path.enter('carro')
  pass(20)
  for (const seconds of [100, 200]) {
    show('hidden')
    pass(seconds)
    show('visible')
    pass(5)
  }
  path.enter('pago')
  pass(7)
  expect(stagesOf(path)).toEqual([
    ['carro', 30],
    ['pausa', 300],
    ['pago', 7],
  ])
  expect(path.result().taps).toBe(5.6)
})

test('the time from a page to the next belongs to the stage, and to enter it again changes nothing', () => {
  const { load, unload } = createTab()
  load().enter('pago')
  pass(20)
  unload()
  pass(180)
  const path = load()
  path.enter('pago')
  pass(10)
  expect(stagesOf(path)).toEqual([['pago', 210]])
})

test('a page that was closed while it was hidden has paused until the tab shows a page again', () => {
  const { load, show, unload } = createTab()
  load().enter('carro')
  pass(60)
  show('hidden')
  pass(600)
  unload()
  pass(600)
  const path = load()
  path.enter('pago')
  pass(30)
  expect(stagesOf(path)).toEqual([
    ['carro', 60],
    ['pausa', 1200],
    ['pago', 30],
  ])
})

test('a page that the browser shows again, without loading it, goes on with what later pages have measured', () => {
  const tab = createTab()
  const first = tab.load()
  first.enter('catalogo')
  pass(10)
  tab.unload()
  const second = tab.load()
  second.enter('carro')
  pass(20)
  first.enter('catalogo')
  pass(5)
  expect(stagesOf(first)).toEqual([
    ['catalogo', 10],
    ['carro', 20],
    ['catalogo', 5],
  ])
})

test('a page opened in the background begins when it is shown', () => {
  const { load, show } = createTab()
  const path = load('hidden')
  path.enter('catalogo')
  pass(3_600)
  show('visible')
  pass(60)
  expect(path.result()).toEqual({ taps: 1, recorrido: [{ etapa: 'catalogo', segundos: 60 }] })
})

test('the result stays the same until something happens: a double click is one purchase', () => {
  const { load, unload } = createTab()
  const path = load()
  path.enter('pago')
  pass(60)
  const first = path.result()
  pass(30)
  unload()
  const again = load()
  again.enter('pago')
  expect(again.result()).toEqual(first)
  again.error('422')
  pass(30)
  expect(stagesOf(again)).toEqual([
    ['pago', 90, '422'],
    ['pago', 30],
  ])
})

test('after the end the path of the next purchase begins', () => {
  const path = createTab().load()
  path.enter('pago')
  pass(600)
  path.result()
  path.end()
  pass(120)
  path.enter('catalogo')
  expect(path.result()).toEqual({ taps: 2, recorrido: [{ etapa: 'catalogo', segundos: 120 }] })
})

test('a purchase takes some time, also within seconds, and without a stage', () => {
  expect(createTab().load().result()).toEqual({ taps: 0.1, recorrido: [{ etapa: 'inicio', segundos: 0 }] })
  const path = createTab().load()
  path.error('51')
  path.enter('pago')
  expect(stagesOf(path)).toEqual([
    ['inicio', 0, '51'],
    ['pago', 0],
  ])
})

test('a clock that is set back takes no time away', () => {
  const path = createTab().load()
  path.enter('pago')
  pass(100)
  path.enter('carro')
  pass(-3_600)
  path.enter('pago')
  pass(50)
  expect(stagesOf(path)).toEqual([
    ['pago', 100],
    ['carro', 0],
    ['pago', 50],
  ])
})

test.each([
  [23, 1_381],
  [25, 1],
])('a tab that is restored after %i hours has a path of %i minutes', (hours, taps) => {
  const { load, unload } = createTab()
  load().enter('catalogo')
  unload()
  pass(hours * 3_600)
  const path = load()
  pass(60)
  expect(path.result().taps).toBe(taps)
})

test.each([['not JSON'], ['7'], ['{"visits":7}'], ['null']])(
  'an entry %j of another script is replaced',
  (entry) => {
    const path = createTab(new Map([['checkout-path', entry]])).load()
    path.enter('pago')
    pass(60)
    expect(stagesOf(path)).toEqual([['pago', 60]])
  },
)

test('a browser that keeps nothing measures each page', () => {
  const { load } = createTab(null)
  load().enter('carro')
  pass(60)
  const path = load()
  path.enter('pago')
  pass(30)
  path.error('51')
  expect(stagesOf(path)).toEqual([
    ['pago', 30, '51'],
    ['pago', 0],
  ])
})

const valid = (path: Path) => parseValid({ ...boughtQuickly, ...path.result() })

test.each([
  'x'.repeat(41),
  '😀 '.repeat(41),
  'e\u0301'.repeat(41),
  '\ufb2c'.repeat(40),
  ' pago\n\t',
  '\u200b\u200b',
  '\u2800',
  '\u3164',
  '\ud800',
  '👩\u200d👩\u200d👧',
  '',
])('the gateway takes the stage and the error %j as they are', (name) => {
  const path = createTab().load()
  path.enter('carro')
  path.enter(name)
  path.error(name)
  const { checkout, corrections } = valid(path)
  expect(checkout.recorrido).toEqual(path.result().recorrido)
  expect(corrections).toEqual([])
})

test('an empty name or error is ignored', () => {
  const path = createTab().load()
  path.enter('carro')
  path.enter(' \u200b')
  path.error('')
  expect(stagesOf(path)).toEqual([['carro', 0]])
})

test('of more than 50 stages those of one name and error are added up, so that their sums stay', () => {
  const { load, show } = createTab()
  const path = load()
  for (let round = 0; round < 100; round++) {
    path.enter('catalogo')
    pass(3)
    path.enter('pago')
    pass(2)
    if (round % 10 === 0) path.error(51)
    show('hidden')
    pass(1)
    show('visible')
  }
  path.enter('confirmacion')
  pass(1)
  const { checkout, corrections } = valid(path)
  const sums = new Map<string, number>()
  for (const { etapa, segundos, error = '' } of checkout.recorrido ?? [])
    sums.set(etapa + error, (sums.get(etapa + error) ?? 0) + segundos)
  expect(Object.fromEntries(sums)).toEqual({
    catalogo: 300,
    pago: 180,
    pago51: 20,
    pausa: 100,
    confirmacion: 1,
  })
  expect(checkout.recorrido?.length).toBeLessThanOrEqual(50)
  expect(checkout.recorrido?.at(-1)).toEqual({ etapa: 'confirmacion', segundos: 1 })
  expect(corrections).toEqual([])
})

test.each([1, 49, 50, 51, 200])(
  '%i stages with different names keep their sum, and the longest their names',
  (count) => {
    const { load, show } = createTab()
    const path = load()
    for (let index = 1; index <= count; index++) {
      path.enter(`producto ${index}`)
      pass(index)
    }
    show('hidden')
    pass(9)
    const { checkout } = valid(path)
    expect(checkout.recorrido).toHaveLength(Math.min(count + 1, 50))
    expect(sumOf(path)).toBe((count * (count + 1)) / 2 + 9)
    expect(stagesOf(path).slice(-2)).toEqual([
      [`producto ${count}`, count],
      ['pausa', 9],
    ])
  },
)

test('errors outlive stages without them', () => {
  const path = createTab().load()
  for (let index = 0; index < 40; index++) {
    path.enter(`paso ${index}`)
    path.error(`E${index}`)
    path.enter(`otro ${index}`)
    pass(60)
  }
  const errors = valid(path).checkout.recorrido?.flatMap(({ error }) => error ?? [])
  expect(errors).toEqual(Array.from({ length: 40 }, (_, index) => `E${index}`))
  for (let index = 0; index < 40; index++) path.error(`F${index}`)
  expect(valid(path).checkout.recorrido?.length).toBeLessThanOrEqual(50)
})
