import { existsSync, mkdirSync, readFileSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const MEMORY = '/sys/fs/cgroup/memory'

/** Bun reads its limit there, as in a container. */
const SHOW_LIMIT = [
  'echo $$ > "$CGROUP/cgroup.procs"',
  'mount -t tmpfs tmpfs "$ROOT/sys/fs/cgroup"',
  'mkdir "$ROOT/sys/fs/cgroup/memory"',
  'mount -o bind,ro "$CGROUP" "$ROOT/sys/fs/cgroup/memory"',
]

/**
 * In a mount namespace of its own: the root read-only, `/tmp` in memory, the volume writable, then the program as the image's
 * user, without capabilities.
 */
const enter = (isLimited: boolean) =>
  [
    'mount --bind "$ROOT" "$ROOT"',
    'mount -o remount,bind,ro "$ROOT"',
    ...(isLimited ? SHOW_LIMIT : []),
    'mount -t tmpfs -o size=64m,mode=1777 tmpfs "$ROOT/tmp"',
    'mount --rbind /dev "$ROOT/dev"',
    'mount -t proc proc "$ROOT/proc"',
    'mount --bind "$VOLUME" "$ROOT/data"',
    'cd "$ROOT"',
    'unset CGROUP VOLUME',
    'exec setpriv --no-new-privs chroot --userspec=1000:1000 "$ROOT" /usr/local/bin/bun "$@"',
  ].join(' && ')

interface ContainerOptions {
  root: string
  /** Folder that is mounted on `/data`. */
  volume: string
  /** Folder of the control group that limits its memory; undefined: not limited. */
  cgroup: string | undefined
  command: readonly string[]
}

/** The process keeps its id over all steps, so that signals reach the program. */
export function containerCommand({ root, volume, cgroup, command }: ContainerOptions) {
  // chroot starts in `/`, not in the working directory of the image.
  const program = command.map((part) => part.replace(/^(?=(gateway|processor|loadgen)\/main\.ts$)/, '/app/'))
  return {
    command: 'unshare',
    args: ['--mount', 'sh', '-c', enter(cgroup !== undefined), 'container', ...program],
    /** For the steps before the program. */
    env: { ROOT: root, VOLUME: volume, ...(cgroup === undefined ? {} : { CGROUP: cgroup }) },
  }
}

export interface MemoryLimit {
  folder: string
  mostBytes: () => number
  remove: () => void
}

/** A control group with a limit of memory; undefined if the kernel has none of version 1. */
export function limitMemory(name: string, bytes: number): MemoryLimit | undefined {
  if (!existsSync(join(MEMORY, 'memory.limit_in_bytes'))) return undefined
  const folder = join(MEMORY, name)
  mkdirSync(folder)
  writeFileSync(join(folder, 'memory.limit_in_bytes'), String(bytes))
  const read = (file: string) => Number(readFileSync(join(folder, file), 'utf8'))
  return {
    folder,
    mostBytes: () => read('memory.max_usage_in_bytes'),
    remove: () => rmdirSync(folder),
  }
}
