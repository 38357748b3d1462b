import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { brokerClock } from '../../test/faults/inject/broker-clock/clock-agent.ts'
import { findJava, javaEnvironment } from './java.ts'
import { archiveOf, jvmFlags } from './jvm-flags.ts'

const java = findJava()

function emptyFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'jvm-flags-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  return folder
}

const flag = (option: string) => () => Promise.resolve({ JDK_JAVA_OPTIONS: option })

test.each([
  ['an agent', (folder: string) => brokerClock(0, folder)],
  ['a native agent', flag('-agentlib:jdwp=transport=dt_socket,server=y,suspend=n,address=127.0.0.1:0')],
  ['no archive of its own', flag('-Xshare:off')],
])('Java with %s starts where no archive exists yet', async (_, environment) => {
  const folder = emptyFolder()
  const env = { ...javaEnvironment(), ...(await environment(folder)) }
  const { status, stderr } = spawnSync(java.command, [...jvmFlags(folder, java, env), '-version'], { env })
  expect(status, stderr.toString()).toBe(0)
})

test('an archive is written by the first to exit, and used from then on', () => {
  const jars = emptyFolder()
  expect(jvmFlags(jars, java, javaEnvironment()).join(' ')).toContain('ArchiveClassesAtExit')
  // Reading the flags writes no archive: a broker that is killed must not leave one.
  expect(readdirSync(jars)).toEqual([])
  writeFileSync(archiveOf(jars, java), '')
  expect(jvmFlags(jars, java, javaEnvironment()).join(' ')).toContain('SharedArchiveFile')
})

test('jars that were moved or copied get an archive of their own', () => {
  const [before, after] = [emptyFolder(), emptyFolder()]
  writeFileSync(join(after, basename(archiveOf(before, java))), '')
  expect(jvmFlags(after, java, javaEnvironment()).join(' ')).toContain('ArchiveClassesAtExit')
})
