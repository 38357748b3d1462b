import { parseArgs } from 'node:util'

export interface BenchOptions {
  /** Of each load. */
  seconds: number
  rounds: number
}

export function readOptions(args: string[], defaults: BenchOptions): BenchOptions {
  const { values } = parseArgs({ args, options: { seconds: { type: 'string' }, rounds: { type: 'string' } } })
  const read = (name: keyof BenchOptions) => {
    const value = Number(values[name] ?? defaults[name])
    if (!Number.isInteger(value) || value < 1 || value > 60) throw new Error(`--${name} is 1 to 60`)
    return value
  }
  return { seconds: read('seconds'), rounds: read('rounds') }
}
