import { basename, join } from 'node:path'
import { runToEnd } from '../children.ts'
import { inProject } from '../program.ts'
import { MissingProgramError } from './unique-load.ts'

const BUILD_WITHIN_MS = 300_000
const copyDependencies = 'dependency:copy-dependencies'

/**
 * Compiles the Maven project of a folder of this project; resolves with the command that runs its main class on one core.
 * Maven fetches its dependencies once.
 */
export async function buildJava(source: string, mainClass: string, folder: string): Promise<string[]> {
  const [mvn, javac, java] = ['mvn', 'javac', 'java'].map((name) => Bun.which(name))
  if (!mvn || !javac || !java)
    throw new MissingProgramError('mvn and javac are needed: install Maven and a JDK, 17 or newer')
  const output = join(folder, basename(source))
  const libs = join(output, 'libs')
  const options = ['-B', '-q', '-f', join(inProject(source), 'pom.xml'), `-Doutput=${output}`]
  await runToEnd([mvn, ...options, 'compile', copyDependencies, `-DoutputDirectory=${libs}`], BUILD_WITHIN_MS)
  // It is pinned to its core only once it runs, when it has read their number.
  return [
    java,
    '-XX:ActiveProcessorCount=1',
    '-cp',
    `${join(output, 'classes')}:${join(libs, '*')}`,
    mainClass,
  ]
}
