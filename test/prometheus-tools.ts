import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const cache = fileURLToPath(new URL('../node_modules/.cache/prometheus', import.meta.url))
const INSTALL = 'install Prometheus (with promtool) so that both are in PATH'

interface Tools {
  prometheus: string
  promtool: string
}

/** Those of PATH, or else of Debian's package, which is unpacked into a cache: that needs no root. */
export function prometheusTools(): Tools {
  const isInstalled = ['prometheus', 'promtool'].every(
    (name) => spawnSync(name, ['--version']).error === undefined,
  )
  if (isInstalled) return { prometheus: 'prometheus', promtool: 'promtool' }
  if (!existsSync(join(cache, 'usr'))) fetchPackage()
  const folder = join(cache, 'usr/bin')
  return { prometheus: join(folder, 'prometheus'), promtool: join(folder, 'promtool') }
}

function fetchPackage(): void {
  mkdirSync(cache, { recursive: true })
  const partial = mkdtempSync(join(cache, 'partial-'))
  try {
    console.log('fetching Prometheus with apt-get (19 MB, once)')
    run(partial, 'apt-get', ['download', 'prometheus'])
    const [archive = ''] = readdirSync(partial)
    run(partial, 'dpkg-deb', ['-x', archive, '.'])
    renameSync(join(partial, 'usr'), join(cache, 'usr'))
  } catch (error) {
    // Another test file was faster.
    if (!existsSync(join(cache, 'usr'))) throw error
  } finally {
    rmSync(partial, { recursive: true, force: true })
  }
}

function run(folder: string, command: string, args: string[]): void {
  const { error, status, stderr } = spawnSync(command, args, { cwd: folder, encoding: 'utf8' })
  if (error !== undefined) throw new Error(`${INSTALL}: there is no ${command} to fetch it with`)
  if (status !== 0) throw new Error(`${INSTALL}: ${command} ${args.join(' ')} failed: ${stderr.trim()}`)
}
