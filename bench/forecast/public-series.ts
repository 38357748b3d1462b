import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { runToEnd } from '../children.ts'
import { MissingProgramError } from '../tools/unique-load.ts'
import type { Series } from './series.ts'

/**
 * Series that Python packages ship. pmdarima (MIT) has the electricity demand in England and Wales of Taylor (2003), each
 * half hour of twelve weeks. ISLP (BSD-3-Clause) has the bicycles rented in Washington in 2011, by hour
 * (Fanaee-T & Gama 2013).
 */
const PACKAGES = ['pmdarima==2.1.1', 'ISLP==0.6.0']
const WITHIN_MS = 300_000

export async function installPublicSeries(folder: string): Promise<Series[]> {
  if (Bun.which('python3') === null)
    throw new MissingProgramError('python3, with pip, is not on PATH: it installs the public series')
  const install = ['python3', '-m', 'pip', 'install', '--quiet', '--no-deps', '--only-binary=:all:']
  await runToEnd([...install, '--target', folder, ...PACKAGES], WITHIN_MS, 'rest')
  return [
    {
      name: 'electricity',
      values: readDemand(join(folder, 'pmdarima/datasets/taylor.py')),
      day: 48,
      week: 7 * 48,
      horizon: 24,
      events: [],
    },
    {
      name: 'bicycles',
      values: readRentals(join(folder, 'ISLP/data/Bikeshare.csv')),
      day: 24,
      week: 7 * 24,
      horizon: 12,
      events: [],
    },
  ]
}

function readDemand(path: string): Float64Array {
  const [, numbers = ''] = /np\.array\(\[([\d,\s]+)\]\)/.exec(readFileSync(path, 'utf8')) ?? []
  return Float64Array.from(numbers.split(','), Number)
}

/** Hours without a row had no rentals, or were not counted. */
function readRentals(path: string): Float64Array {
  const rows: Record<'day' | 'hr' | 'bikers', string>[] = parse(readFileSync(path), { columns: true })
  const values = new Float64Array(365 * 24).fill(Number.NaN)
  for (const { day, hr, bikers } of rows) values[(Number(day) - 1) * 24 + Number(hr)] = Number(bikers)
  return values
}
