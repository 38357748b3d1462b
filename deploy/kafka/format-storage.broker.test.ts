import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { startWatchdog } from '../watchdog.ts'
import { formatStorage } from './format-storage.ts'
import { ensureJars } from './jars.ts'
import { findJava } from './java.ts'
import { newUuid } from './kafka-uuid.ts'
import { serverProperties } from './server-properties.ts'

const nodes = [1, 2].map((id) => ({ id, port: 9091 + id, controllerPort: 9190 + id }))

/** Of a file in the form of java.util.Properties. */
function readProperties(path: string): Map<string, string> {
  const lines = readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
  return new Map(lines.map((line) => line.split('=', 2) as [string, string]))
}

/** The same jars in another folder, without what earlier starts have left there. */
function linkJars(jars: string, folder: string): string {
  const linked = join(folder, 'libs')
  mkdirSync(linked)
  for (const name of readdirSync(jars).filter((each) => each.endsWith('.jar')))
    symlinkSync(join(jars, name), join(linked, name))
  return linked
}

test("the second folder gets without Java what Kafka's tool wrote into the first", async () => {
  const folder = mkdtempSync(join(tmpdir(), 'format-storage-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  const watchdog = startWatchdog(folder)
  onTestFinished(() => watchdog.drain())
  const jars = linkJars(await ensureJars(watchdog, () => undefined), folder)
  const java = findJava()
  const clusterId = newUuid()

  async function format(node: (typeof nodes)[number], command: string) {
    const dataDir = join(folder, `kafka-${node.id}`)
    const propertiesFile = `${dataDir}.properties`
    mkdirSync(dataDir)
    writeFileSync(propertiesFile, serverProperties(node, nodes, dataDir, {}))
    const storage = { jars, clusterId, nodeId: node.id, propertiesFile, dataDir, watchdog }
    await formatStorage({ ...storage, java: { ...java, command } })
    return {
      files: readdirSync(dataDir).toSorted(),
      features: readFileSync(join(dataDir, 'bootstrap.checkpoint')),
      properties: readProperties(join(dataDir, 'meta.properties')),
    }
  }
  const byTool = await format(nodes[0]!, java.command)
  const byLauncher = await format(nodes[1]!, '/no/java')

  expect(byLauncher.files).toEqual(byTool.files)
  expect(byLauncher.features).toEqual(byTool.features)
  const directory = /^[A-Za-z0-9_-]{22}$/
  expect(byTool.properties.get('directory.id')).toMatch(directory)
  expect(byLauncher.properties.get('directory.id')).toMatch(directory)
  for (const { properties } of [byTool, byLauncher]) properties.delete('directory.id')
  expect(byLauncher.properties).toEqual(byTool.properties.set('node.id', '2'))
})
