import { globSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
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

test('the Dockerfile is one that the builder takes', () => {
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

test('only what a process runs on is sent to the builder', () => {
  expect(fileAt('.dockerignore').split('\n')[0]).toBe('*')
  expect(sent).toEqual(['package.json', 'package-lock.json', 'backbone', 'gateway', 'processor', 'loadgen'])
})

test('what a process imports is in the image', () => {
  const missing = globSync('{backbone,gateway,processor,loadgen}/**/*.ts', { cwd: root })
    .filter((path) => !path.endsWith('.test.ts'))
    .flatMap((path) =>
      importsOf(path)
        .filter((name) => !isInImage(name))
        .map((name) => `${path}: ${name}`),
    )
  expect(missing).toEqual([])
})

function importsOf(path: string): string[] {
  return [...fileAt(path).matchAll(/^(?:import|export)\b[^'"]*?from '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    ([, from, dynamic]) => from ?? dynamic ?? '',
  )
}

function isInImage(name: string): boolean {
  if (name.startsWith('./')) return true
  if (name.startsWith('../')) return sent.includes(name.split('/')[1] ?? '')
  const [scope = '', rest = ''] = name.split('/')
  const packageName = scope.startsWith('@') ? `${scope}/${rest}` : scope
  return name.startsWith('node:') || builtinModules.includes(name) || Object.hasOwn(dependencies, packageName)
}
