import { mkdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UNSHARE } from './faults/inject/own-mounts.ts'

const MOUNT = 'mount -t tmpfs -o "size=$1" tmpfs "$0" && shift && exec "$@"'

/** The command with a small volume on a folder, in memory, that it alone sees; it keeps its process id. */
export function onOwnVolume(folder: string, mib: number, command: readonly string[]): [string, ...string[]] {
  mkdirSync(folder, { recursive: true })
  return ['unshare', ...UNSHARE, 'sh', '-c', MOUNT, folder, `${mib}m`, ...command]
}

const fillerIn = (folder: string, pid: number) => join(`/proc/${pid}/root`, folder, 'filler')

/** Leaves so much of the volume of a process free, from 0 to 1. */
export function fillVolume(folder: string, pid: number, share: number): void {
  const filler = fillerIn(folder, pid)
  const { bavail, blocks, bsize } = statfsSync(join(filler, '..'))
  const bytes = Math.max(0, Math.floor(bavail - share * blocks) * bsize)
  writeFileSync(filler, Buffer.alloc(bytes), { flag: 'a' })
}

export const emptyVolume = (folder: string, pid: number): void => rmSync(fillerIn(folder, pid))
