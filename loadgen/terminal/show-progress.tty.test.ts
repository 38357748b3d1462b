import { stripVTControlCharacters } from 'node:util'
import { afterEach, expect, test, vi } from 'vitest'

const HIDE_CURSOR = '\u001B[?25l'
const ERASE_LINE_AND_GO_UP = '\u001B[2K\u001B[1A'
const ERASE_BELOW = '\u001B[0J'
const ARROW_DOWN = '\u001B[B'
const CYAN = '\u001B[36m'
const SCREEN_LINES = 12
const PATIENCE = { timeout: 20_000 }

// Runs in its own terminal: only that shows the effects of raw mode, signals and a changed size.
const RUN = `
  import { readKeys } from './loadgen/terminal/read-keys.ts'
  import { showProgress } from './loadgen/terminal/show-progress.ts'

  let rateFactor = 1
  let elapsedMs = 0
  const endProgress = showProgress(
    process.stderr,
    () => ({
      name: 'peak '.repeat(50), target: '', phase: 'sending', elapsedMs: elapsedMs += 1000, plannedMs: 60000,
      askedRate: 500, canChangeRate: true, rateFactor, sentRate: 500, sent: 0, accepted: 0, dropped: 0, retries: 0, inFlight: 0,
      duration: undefined, recentP99: [], failures: new Map([['503', 1]]), delay: undefined, outstanding: undefined,
      duplicated: 0, broken: [],
    }),
    { quiet: false },
  )
  const endKeys = readKeys(process.stdin, {
    faster: () => { rateFactor = 2 },
    slower: () => { rateFactor = 0.5 },
    asPlanned: () => { rateFactor = 1 },
    stop: () => { endProgress(); endKeys(); console.log('the summary') },
  })
`

let close: (() => void) | undefined
afterEach(() => close?.())

async function start(env: Record<string, string> = {}) {
  const decoder = new TextDecoder()
  let written = ''
  const child = Bun.spawn([process.execPath, '-e', RUN], {
    // No other variable may decide on colours.
    env: {
      ...process.env,
      CI: undefined,
      FORCE_COLOR: undefined,
      NO_COLOR: undefined,
      TERM: 'xterm-256color',
      ...env,
    },
    // Created here and not before: only then is it the controlling terminal of the child, and reports a new size to it.
    terminal: {
      cols: 100,
      rows: 30,
      data(_, bytes) {
        written += decoder.decode(bytes, { stream: true })
      },
    },
  })
  const { terminal } = child
  if (!terminal) throw new Error('it has no terminal')
  const flagsBefore = terminal.localFlags
  close = () => {
    child.kill('SIGKILL')
    terminal.close()
  }
  const shows = (text: string) => vi.waitFor(() => expect(written).toContain(text), PATIENCE)
  await shows('as planned')
  await vi.waitFor(() => expect(terminal.localFlags).not.toBe(flagsBefore), PATIENCE)
  return { child, terminal, flagsBefore, shows, written: () => written }
}

// Bun has no such terminals on Windows.
const onTerminal = test.skipIf(process.platform === 'win32')

onTerminal.each([
  ['q', 'q'],
  ['Ctrl-C', '\u0003'],
])('keys change the rate, and %s leaves the terminal as it was', async (_, stopKey) => {
  const { child, terminal, flagsBefore, shows, written } = await start()
  terminal.write('+')
  await shows('×2')
  terminal.write(ARROW_DOWN)
  await shows('×0.5')
  terminal.write(stopKey)
  await shows('the summary')
  expect(await child.exited).toBe(0)

  expect(written().split('×0.5').at(-1)).toContain(ERASE_LINE_AND_GO_UP.repeat(SCREEN_LINES))
  expect(terminal.localFlags).toBe(flagsBefore)
})

onTerminal.each(['SIGTERM', 'SIGINT'] as const)('%s leaves the terminal as it was', async (signal) => {
  const { child, terminal, flagsBefore, written } = await start()
  child.kill(signal)
  await child.exited
  expect(child.signalCode).toBe(signal)
  expect(terminal.localFlags).toBe(flagsBefore)
  expect(written()).not.toContain(HIDE_CURSOR)
})

onTerminal('a narrowed terminal is redrawn, and no line is wider', async () => {
  const { terminal, shows, written } = await start()
  terminal.resize(60, 30)
  await shows(ERASE_BELOW)
  await vi.waitFor(() => expect(written().split(ERASE_BELOW).at(-1)).toContain('stop'), PATIENCE)
  const [old = '', redrawn = ''] = written().split(ERASE_BELOW)
  // Two lines were wider than 60 columns: the name and the bar.
  expect(old.endsWith(`\u001B[${SCREEN_LINES + 2}A`)).toBe(true)
  const lines = stripVTControlCharacters(redrawn).split(/\r?\n/)
  expect(lines.length).toBeGreaterThan(SCREEN_LINES)
  expect(lines.filter((line) => line.length >= 60)).toEqual([])
})

onTerminal.each([
  [{}, true],
  [{ NO_COLOR: '1' }, false],
])('colours with %j: %s', async (env, coloured) => {
  const { written } = await start(env)
  expect(written().includes(CYAN)).toBe(coloured)
})
