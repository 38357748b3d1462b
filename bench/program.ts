import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/** The path of a file of this project. */
export const inProject = (path: string): string => join(root, path)

/** The command that runs a program of this project in another process, on this Bun. */
export const program = (path: string): string[] => [process.execPath, inProject(path)]
