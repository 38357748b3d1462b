import { instancesOf } from './read-compose.ts'

/**
 * The environment of a process that has no more memory than compose gives its role. In a container Bun finds out by itself: the
 * less there is, the sooner it looks for garbage.
 */
export function memoryLimit(role: 'gateway' | 'processor'): { BUN_JSC_forceRAMSize: string } {
  const [[, instance] = []] = instancesOf(role)
  const [, count, unit] = /^(\d+)([MG])$/.exec(instance?.deploy.resources.limits.memory ?? '') ?? []
  if (count === undefined) throw new Error(`compose gives a ${role} no memory`)
  return { BUN_JSC_forceRAMSize: String(Number(count) * 2 ** (unit === 'G' ? 30 : 20)) }
}
