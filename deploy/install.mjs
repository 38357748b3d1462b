// Runs on plain Node before the installation, so it imports only Node modules.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { chmodSync, copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const modules = join(root, 'node_modules')
const stamp = join(modules, '.installed')
const bun = join(modules, 'bun', 'bin', 'bun.exe')
const readJson = (path) => JSON.parse(readFileSync(path, 'utf8'))
const runs = (program) => spawnSync(program, ['--version']).status === 0

const { dependencies, devDependencies } = readJson(join(root, 'package.json'))
const lockfile = readFileSync(join(root, 'package-lock.json'), 'utf8')
const wanted = createHash('sha256')
  .update(JSON.stringify([dependencies, devDependencies]))
  .update(lockfile)
  .digest('hex')
const [installed, installedKind] = existsSync(stamp) ? readFileSync(stamp, 'utf8').split(' ') : []
// Development tools that are present are kept: an installation without them would remove them.
const withDev = process.argv.includes('--dev') || hasDevelopmentTools()

if (installed !== wanted || (withDev && installedKind !== 'all')) {
  assertInSync()
  if (differences().length > 0 || !runs(bun)) install()
  ensureBun()
  writeFileSync(stamp, `${wanted} ${withDev ? 'all' : 'runtime'}`)
}

/** npm records what it has installed in its own lockfile. */
function installedPackages() {
  const path = join(modules, '.package-lock.json')
  return existsSync(path) ? readJson(path).packages : {}
}

function hasDevelopmentTools() {
  return Object.values(installedPackages()).some(({ dev }) => dev === true)
}

function npm(args, stdio) {
  const command = process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const common = ['--no-audit', '--no-fund', '--loglevel=error', ...(withDev ? [] : ['--omit=dev'])]
  return spawnSync(command, [...args, ...common], {
    cwd: root,
    stdio,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
}

/** If the lockfile lacks a package, `npm install` would take its newest version; `npm ci` fails. */
function assertInSync() {
  const { status, stderr } = npm(['ci', '--dry-run', '--ignore-scripts'], ['ignore', 'ignore', 'pipe'])
  if (status === 0) return
  const faults = new Set(stderr.match(/\b(Missing|Invalid): .*$/gm))
  fail(
    faults.size > 0
      ? `package-lock.json does not fit package.json:\n${[...faults].join('\n')}\n` +
          'restore both from version control, or update the lockfile with: npm install'
      : `${stderr}npm cannot use package-lock.json: see its message above`,
  )
}

/**
 * Packages that are missing or have another version than in the lockfile; without binaries for other
 * platforms.
 */
function differences() {
  const present = installedPackages()
  return Object.entries(JSON.parse(lockfile).packages)
    .filter(
      ([path, { optional, devOptional, dev }]) => path && !optional && !devOptional && (withDev || !dev),
    )
    .filter(([path, { version }]) => present[path]?.version !== version)
    .map(([path, { version }]) => `${path} ${present[path]?.version ?? 'missing'} instead of ${version}`)
}

// Not `npm ci`, which removes node_modules first, under a running system and with everything else in it.
function install() {
  console.error(
    `installing ${withDev ? 'all packages, including tools and test runtimes' : 'packages'} (once)`,
  )
  // Standard output belongs to the command that follows: a key, a report.
  const { status } = npm(['install', '--no-save'], ['ignore', 2, 2])
  if (status !== 0) fail('npm install failed: see its message above; the package registry must be reachable')
  const others = differences()
  if (others.length > 0)
    fail(`npm did not follow package-lock.json:\n${others.join('\n')}\nremove node_modules and try again`)
}

/** If install scripts are not allowed, bun's script has not installed its binary. */
function ensureBun() {
  if (runs(bun)) return
  const folder = join(modules, '@oven')
  for (const name of existsSync(folder) ? readdirSync(folder) : []) {
    const binary = join(folder, name, 'bin', process.platform === 'win32' ? 'bun.exe' : 'bun')
    if (!existsSync(binary)) continue
    copyFileSync(binary, bun)
    chmodSync(bun, 0o755)
    if (runs(bun)) return
  }
  fail('bun has no binary for this platform: install it from https://bun.sh and run the command again')
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
