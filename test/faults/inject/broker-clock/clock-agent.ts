import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { findJava } from '../../../../deploy/kafka/java.ts'

const run = promisify(execFile)
const source = fileURLToPath(new URL('./SkewedClock.java', import.meta.url))

const tool = (name: 'javac' | 'jar'): string => findJava().command.replace(/java$/, name)

/** A JRE, which is enough for a broker, has no compiler. */
export const canSkewBrokers = (): boolean => spawnSync(tool('javac'), ['-version']).status === 0

/** The environment that starts a broker with a wrong clock; its agent is built in a folder of `parent`. */
export async function brokerClock(offsetMs: number, parent: string): Promise<NodeJS.ProcessEnv> {
  const folder = mkdtempSync(join(parent, 'clock-agent-'))
  const [agent, manifest] = [join(folder, 'agent.jar'), join(folder, 'manifest')]
  writeFileSync(manifest, 'Premain-Class: test.SkewedClock\n')
  await run(tool('javac'), ['-d', folder, source])
  await run(tool('jar'), ['--create', '--file', agent, '--manifest', manifest, '-C', folder, 'test'])
  return { JDK_JAVA_OPTIONS: `"-javaagent:${agent}=${offsetMs}"` }
}
