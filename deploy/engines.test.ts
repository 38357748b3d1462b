import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'

interface Package {
  engines?: { node?: string }
  dev?: boolean
  optional?: boolean
}

const read = (file: string) => JSON.parse(readFileSync(`${import.meta.dirname}/../${file}`, 'utf8'))
const packages: [string, Package][] = Object.entries(read('package-lock.json').packages)
const { engines } = read('package.json')
const oldest: string[] = engines.node.match(/\d+\.\d+\.\d+/g)

// Tests and benchmarks that only run on Bun, and their packages. Scalar's script runs in a browser: the
// gateway only reads it, and the module that contains it loads on every Node release of package.json.
const NEVER_ON_NODE = /\/(@platformatic\/[\w-]+|cookie|eventsource-5|eventsource-parser)$/
const ONLY_READ = /^node_modules\/(@scalar\/[\w-]+|undici)$/
// Codecs for what processors fetch, and processors run on Bun. A gateway never loads them.
const ONLY_ON_BUN = /^node_modules\/@platformatic\/(wasm-utils|dynamic-buffer)$/

test('the oldest releases of Node that package.json names run every package', () => {
  expect(oldest.length).toBeGreaterThan(0)
  const demanding = packages.filter(
    ([, { engines: { node } = {}, optional }]) =>
      !optional && node !== undefined && !oldest.every((version) => Bun.semver.satisfies(version, node)),
  )
  const paths = (of: typeof demanding) => of.map(([path]) => path)
  expect(
    paths(demanding.filter(([, { dev }]) => !dev)).filter(
      (path) => !ONLY_READ.test(path) && !ONLY_ON_BUN.test(path),
    ),
  ).toEqual([])
  expect(paths(demanding.filter(([, { dev }]) => dev)).filter((path) => !NEVER_ON_NODE.test(path))).toEqual(
    [],
  )
})

test('the README names the same releases', () => {
  const named = oldest.map((version) => version.replace(/(\.0)+$/, ''))
  expect(readFileSync(`${import.meta.dirname}/../README.md`, 'utf8')).toContain(
    `Node ${named.slice(0, -1).join(', ')}, or ${named.at(-1)} or newer`,
  )
})
