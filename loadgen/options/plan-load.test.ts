import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readOptions } from './options.ts'
import { OptionsError } from './options-error.ts'

const folder = mkdtempSync(join(tmpdir(), 'plan-load-'))

async function faultsOf(...args: string[]): Promise<string[]> {
  try {
    await readOptions(args, folder)
    return []
  } catch (error) {
    if (error instanceof OptionsError) return error.faults
    throw error
  }
}

test('only a load without an end may go on for ever', async () => {
  expect(await faultsOf('smoke', '--duration', 'forever')).toEqual([
    '--duration forever requires a load without an end, but this one ends after 10s',
  ])
  expect(await faultsOf('classic', '--duration', 'forever')).toEqual([])
})

test('each rate of a breakpoint lasts for enough checkouts', async () => {
  expect(await faultsOf('breakpoint', '--rate', '50', '--duration', '20s')).toEqual([
    expect.stringMatching(
      /^each rate of a breakpoint must last for at least 20 checkouts, .* --duration or /,
    ),
  ])
  const twoRates = (seconds: number) => `export default { breakpoint: true, scenarios: { a: {
    executor: 'ramping-arrival-rate', startRate: 2, stages: [
      { duration: '${seconds}s', target: 2 }, { duration: '1s', target: 4 }, { duration: '10s', target: 4 },
    ] } }, thresholds: { http_req_failed: ['rate==0'] } }`
  writeFileSync(join(folder, 'enough.ts'), twoRates(10))
  writeFileSync(join(folder, 'short.ts'), twoRates(9.5))
  expect(await faultsOf('enough.ts')).toEqual([])
  expect(await faultsOf('short.ts')).toEqual([expect.stringContaining('1 of 2 do not, first 2/s for 9.5s')])
})

test('no more connections are opened than checkouts may be on their way', async () => {
  const command = await readOptions(['cyberday', '--max-vus', '7', '--workers', '1'], folder)
  expect(command).toMatchObject({ options: { plans: [{ maxInFlight: 7, warmConnections: 7 }] } })
})
