import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { fetchJars } from '../../deploy/fetch-jars.ts'
import { findJava, javaEnvironment } from '../../deploy/kafka/java.ts'
import { startWatchdog } from '../../deploy/watchdog.ts'

const run = promisify(execFile)

/** Compiles a source file into `folder`. A JRE is enough: the compiler is Eclipse's, which Maven fetches once. */
export async function compileJava(source: string, jars: string, folder: string): Promise<void> {
  const watchdog = startWatchdog(folder)
  try {
    const compiler = { name: "Eclipse's Java compiler", about: '3 MB, once', folder: import.meta.dirname }
    const compilerJars = await fetchJars(compiler, watchdog, console.error)
    const classPath = jarsIn(jars).join(delimiter)
    const options = ['-17', '-proc:none', '-cp', classPath, '-d', folder]
    const main = ['-cp', join(compilerJars, '*'), 'org.eclipse.jdt.internal.compiler.batch.Main']
    await run(findJava().command, [...main, ...options, source], { env: javaEnvironment() })
  } finally {
    await watchdog.drain()
  }
}

/** The compiler takes no wildcard. */
const jarsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.jar'))
    .map((name) => join(folder, name))
