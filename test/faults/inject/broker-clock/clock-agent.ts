import { execFile, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findJava } from '../../../../deploy/kafka/java.ts'

const run = promisify(execFile)
const source = fileURLToPath(new URL('./SkewedClock.java', import.meta.url))

const tool = (name: 'javac' | 'jar'): string => findJava().command.replace(/java$/, name)

/** A JRE, which runs a broker, has no compiler. */
export const canSkewBrokers = (): boolean => spawnSync(tool('javac'), ['-version']).status === 0

/** The environment in which a broker starts with its clock off. */
export async function brokerClock(offsetMs: number, folder: string): Promise<NodeJS.ProcessEnv> {
  const agent = join(folder, 'clock-agent.jar')
  if (!existsSync(agent)) await buildAgent(agent, join(folder, 'clock-agent'))
  return { JDK_JAVA_OPTIONS: `"-javaagent:${agent}=${offsetMs}"` }
}

async function buildAgent(jar: string, folder: string): Promise<void> {
  mkdirSync(folder, { recursive: true })
  await run(tool('javac'), ['-d', folder, source])
  const manifest = join(folder, 'manifest')
  writeFileSync(manifest, 'Premain-Class: test.SkewedClock\n')
  await run(tool('jar'), ['--create', '--file', jar, '--manifest', manifest, '-C', folder, 'test'])
}
