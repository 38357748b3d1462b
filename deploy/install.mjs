// Runs on plain Node before anything is installed, so it imports nothing but Node itself.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const stamp = join(modules, '.installed')

const lock = createHash('sha256')
  .update(readFileSync(join(root, 'package-lock.json')))
  .digest('hex')
const [installedLock, installedKind] = existsSync(stamp) ? readFileSync(stamp, 'utf8').split(' ') : []
// Whoever has the tools keeps them: leaving them out would remove them.
const withDev = process.argv.includes('--dev') || installedKind === 'all'

if (installedLock !== lock || (withDev && installedKind !== 'all')) {
  console.error(
    `installing ${withDev ? 'all packages, tools and test runtimes included' : 'packages'} (once)`,
  )
  // Not `npm ci`: it refuses a lockfile that lacks the optional binaries of platforms other than this one's,
  // which a registry that does not carry them leaves out. `--no-save` keeps the lockfile as it is.
  const args = [
    'install',
    '--no-save',
    '--no-audit',
    '--no-fund',
    '--loglevel=error',
    ...(withDev ? [] : ['--omit=dev']),
  ]
  const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const { status } = spawnSync(npm, args, {
    cwd: root,
    // Standard output is that of the command that was asked for: a key that was minted, a report.
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  })
  if (status !== 0) {
    console.error('npm install failed: see its message above; the package registry must be reachable')
    process.exit(1)
  }
  ensureBun()
  writeFileSync(stamp, `${lock} ${withDev ? 'all' : 'runtime'}`)
}

/** Where install scripts are not allowed, bun's own has not put its binary in place. */
function ensureBun() {
  const bun = join(modules, 'bun', 'bin', 'bun.exe')
  if (spawnSync(bun, ['--version']).status === 0) return
  const folder = join(modules, '@oven')
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const binary = join(folder, name, 'bin', process.platform === 'win32' ? 'bun.exe' : 'bun')
    if (!existsSync(binary)) continue
    copyFileSync(binary, bun)
    chmodSync(bun, 0o755)
    if (spawnSync(bun, ['--version']).status === 0) return
  }
  console.error(
    'bun has no binary for this platform: install it from https://bun.sh and run the command again',
  )
  process.exit(1)
}
