import { instancesOf } from './read-compose.ts'

/**
 * The environment of a process with the memory limit that compose gives its role. In a container Bun detects
 * the limit itself, and collects garbage earlier with less memory.
 */
export function memoryLimit(role: 'gateway' | 'processor'): { BUN_JSC_forceRAMSize: string } {
  const [[, instance] = []] = instancesOf(role)
  const [, count, unit] = /^(\d+)([MG])$/.exec(instance?.deploy.resources.limits.memory ?? '') ?? []
  if (count === undefined) throw new Error(`compose gives a ${role} no memory`)
  return { BUN_JSC_forceRAMSize: String(Number(count) * 2 ** (unit === 'G' ? 30 : 20)) }
}
