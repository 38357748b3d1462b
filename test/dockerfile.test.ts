import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { ValidationSeverity, validate } from 'dockerfile-utils'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('..', import.meta.url))
const fileAt = (path: string) => readFileSync(`${root}${path}`, 'utf8')

const dockerfile = fileAt('deploy/Dockerfile')
const { dependencies } = JSON.parse(fileAt('package.json'))
const sent = fileAt('.dockerignore')
  .split('\n')
  .filter((line) => line.startsWith('!'))
  .map((line) => line.slice(1))

test('the Dockerfile is valid', () => {
  const strict = ValidationSeverity.ERROR
  const problems = validate(dockerfile, {
    deprecatedMaintainer: strict,
    directiveCasing: strict,
    emptyContinuationLine: strict,
    instructionCasing: strict,
    instructionCmdMultiple: strict,
    instructionEntrypointMultiple: strict,
    instructionHealthcheckMultiple: strict,
    instructionJSONInSingleQuotes: strict,
    instructionWorkdirRelative: strict,
  })
  expect(problems).toEqual([])
})

test('it runs the Bun that the project is tested with, and not as root', () => {
  const images = [...dockerfile.matchAll(/^FROM (\S+)/gm)].map(([, image]) => image)
  expect(new Set(images)).toEqual(new Set([`oven/bun:${dependencies.bun}-slim`]))
  expect(dockerfile.match(/^USER .+$/gm)).toEqual(['USER 1000:1000'])
})

test('only files needed at run time are sent to the builder', () => {
  const rules = fileAt('.dockerignore').trim().split('\n')
  expect(rules[0]).toBe('*')
  expect(rules.slice(-2)).toEqual(['**/*.test.ts', '**/testing'])
  expect(sent).toEqual(['package.json', 'package-lock.json', 'backbone', 'gateway', 'processor', 'loadgen'])
})

test.each(['gateway', 'processor', 'loadgen'])('all that %s imports is in the image', (role) => {
  const reached = new Set<string>()
  const missing = new Set<string>()
  const follow = (path: string) => {
    if (reached.has(path)) return
    reached.add(path)
    if (!isSent(path)) missing.add(path)
    for (const name of importsOf(path)) {
      if (name.startsWith('.')) follow(posix.join(posix.dirname(path), name))
      else if (!isInstalled(name)) missing.add(`${path}: ${name}`)
    }
  }
  follow(`${role}/main.ts`)
  expect([...missing]).toEqual([])
  expect(reached.size).toBeGreaterThan(5)
})

/** Modules and files of workers; types do not exist at run time. */
function importsOf(path: string): string[] {
  const forms =
    /^(?:import|export)\b(?! type\b)[^'"]*?from '([^']+)'|\bimport\('([^']+)'\)|new URL\('(\.[^']+\.ts)'/gm
  return [...fileAt(path).matchAll(forms)].flatMap(([, ...names]) => names.filter(Boolean))
}

function isSent(path: string): boolean {
  const name = posix.basename(path)
  return sent.includes(path.split('/')[0] ?? '') && !name.endsWith('.test.ts') && !path.includes('/testing/')
}

function isInstalled(name: string): boolean {
  const [scope = '', rest = ''] = name.split('/')
  const packageName = scope.startsWith('@') ? `${scope}/${rest}` : scope
  return isBuiltin(name) || Object.hasOwn(dependencies, packageName)
}
