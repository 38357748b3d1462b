import { LaunchError } from './launch-error.ts'
import type { Options } from './options.ts'
import { holdPorts, isFree } from './ports.ts'

/**
 * Reserves the ports of gateways and processors. Throws a LaunchError that names a port in use and the flag
 * to change it.
 */
export async function reservePorts({ port, processorPort, processors }: Options): Promise<number[]> {
  const processorPorts = Array.from({ length: processors }, (_, i) => processorPort + i)
  if (processorPorts.includes(port)) {
    throw new LaunchError(
      `port ${port} is used by the gateway and a processor: choose another with --processor-port`,
    )
  }
  if (!(await isFree(port))) throw new LaunchError(`port ${port} is in use: choose another with --port`)
  for (const [i, each] of processorPorts.entries()) {
    if (await isFree(each)) continue
    throw new LaunchError(
      `port ${each} of processor-${i + 1} is in use: choose another with --processor-port`,
    )
  }
  holdPorts(port, ...processorPorts)
  return processorPorts
}
