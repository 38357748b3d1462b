import { statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Registry } from 'prom-client'
import { watchNumbers } from '../backbone/process/metrics.ts'

/**
 * The volume that a file is on. Free is what this process may use: a file system may keep a share for root. Absent while
 * its folder cannot be read, so that the other metrics remain.
 */
export function watchDisk(registry: Registry, setting: string, file: string): void {
  const watch = (name: string, help: string, blocks: 'bavail' | 'blocks') =>
    watchNumbers(registry, { name, help, labelNames: ['setting'] }, async () => {
      const volume = await statfs(dirname(file)).catch(() => undefined)
      return volume ? [[{ setting }, volume[blocks] * volume.bsize]] : []
    })
  watch('checkout_disk_free_bytes', 'Free space of the volume with the file of a setting', 'bavail')
  watch('checkout_disk_size_bytes', 'Size of the volume with the file of a setting', 'blocks')
}
