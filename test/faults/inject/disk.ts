import { execFile } from 'node:child_process'
import { mkdirSync, statfsSync } from 'node:fs'
import { promisify } from 'node:util'

const run = promisify(execFile)

const WIDE = '8g'
const MOST_ATTEMPTS = 20

/** Mounts a disk in memory on a folder; the process must have its own mount namespace. */
export async function mountDisk(folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await run('mount', ['-t', 'tmpfs', '-o', `size=${WIDE}`, 'tmpfs', folder])
}

export async function unmountDisk(folder: string): Promise<void> {
  await run('umount', [folder])
}

/** Removes all free space. */
export async function fillDisk(folder: string): Promise<void> {
  for (let attempts = 1; ; attempts++) {
    const { blocks, bfree, bsize } = statfsSync(folder)
    try {
      await run('mount', ['-o', `remount,size=${(blocks - bfree) * bsize}`, folder])
      return
    } catch (error) {
      // Fails if more was written since it was measured.
      if (attempts === MOST_ATTEMPTS) throw error
    }
  }
}

export async function widenDisk(folder: string): Promise<void> {
  await run('mount', ['-o', `remount,size=${WIDE}`, folder])
}
