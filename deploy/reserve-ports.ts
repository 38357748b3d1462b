import { LaunchError } from './launch-error.ts'
import type { Options } from './options.ts'
import { holdPorts, isFree } from './ports.ts'

export interface ReservedPorts {
  processorPorts: readonly number[]
  /** Of each gateway alone, if several share their port. */
  metricsPorts: readonly number[]
}

/**
 * Reserves the ports of gateways and processors. Throws a LaunchError that names a port in use and the flag
 * to change it.
 */
export async function reservePorts(options: Options): Promise<ReservedPorts> {
  const { port, processorPort, processors, gateways } = options
  const processorPorts = portsFrom(processorPort, processors)
  const metricsPorts = gateways > 1 ? portsFrom(processorPort + processors, gateways) : []
  const named = [
    ...processorPorts.map((each, i) => ({ each, name: `processor-${i + 1}` })),
    ...metricsPorts.map((each, i) => ({ each, name: `the metrics of gateway-${i + 1}` })),
  ]
  const shared = named.find(({ each }) => each === port)
  if (shared !== undefined) {
    throw new LaunchError(
      `port ${port} is used by the gateway and ${shared.name}: choose another with --processor-port`,
    )
  }
  if (!(await isFree(port))) throw new LaunchError(`port ${port} is in use: choose another with --port`)
  for (const { each, name } of named) {
    if (await isFree(each)) continue
    throw new LaunchError(`port ${each} of ${name} is in use: choose another with --processor-port`)
  }
  holdPorts(port, ...processorPorts, ...metricsPorts)
  return { processorPorts, metricsPorts }
}

const portsFrom = (first: number, count: number): number[] =>
  Array.from({ length: count }, (_, i) => first + i)
