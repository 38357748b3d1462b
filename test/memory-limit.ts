import { instancesOf } from './read-compose.ts'

/**
 * The environment that gives a process the memory limit of its role in docker-compose.yml. In a container Bun
 * detects the limit itself: the lower it is, the earlier it collects garbage.
 */
export function memoryLimit(role: 'gateway' | 'processor'): { BUN_JSC_forceRAMSize: string } {
  const [[, instance] = []] = instancesOf(role)
  const [, count, unit] = /^(\d+)([MG])$/.exec(instance?.deploy.resources.limits.memory ?? '') ?? []
  if (count === undefined) throw new Error(`compose gives a ${role} no memory`)
  return { BUN_JSC_forceRAMSize: String(Number(count) * 2 ** (unit === 'G' ? 30 : 20)) }
}
