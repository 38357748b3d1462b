import { chownSync, copyFileSync, cpSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { LaunchError } from '../../deploy/launch-error.ts'
import { programOutput } from '../../deploy/program-output.ts'

const project = fileURLToPath(new URL('../..', import.meta.url))
const ID = 1000

/** By instruction of deploy/Dockerfile, what it does to the root file system. */
const steps: Record<string, (root: string) => void> = {
  'FROM oven/bun:1.4.5-slim AS dependencies': () => undefined,
  'COPY package.json package-lock.json ./': (root) => {
    mkdirSync(join(root, 'dependencies'), { recursive: true })
    for (const name of ['package.json', 'package-lock.json'])
      copyFileSync(join(project, name), join(root, 'dependencies', name))
  },
  'RUN ["bun", "install", "--production", "--frozen-lockfile", "--omit=optional", "--ignore-scripts"]': (
    root,
  ) => {
    const args = ['install', '--production', '--frozen-lockfile', '--omit=optional', '--ignore-scripts']
    programOutput(process.execPath, args, join(root, 'dependencies'))
  },
  'FROM oven/bun:1.4.5-slim': copyBase,
  'WORKDIR /app': (root) => mkdirSync(join(root, 'app'), { recursive: true }),
  'ENV NODE_ENV=production': () => undefined,
  'COPY --from=dependencies /app/node_modules node_modules': (root) =>
    renameSync(join(root, 'dependencies/node_modules'), join(root, 'app/node_modules')),
  'COPY . .': copyContext,
  'RUN ["install", "--directory", "--owner=bun", "--group=bun", "/data"]': (root) => {
    mkdirSync(join(root, 'data'))
    chownSync(join(root, 'data'), ID, ID)
  },
  'USER 1000:1000': () => undefined,
  'EXPOSE 8080': () => undefined,
  'ENTRYPOINT ["bun"]': () => undefined,
  'CMD ["gateway/main.ts"]': () => undefined,
}

/**
 * Makes the root file system of the image in a folder. Its base has only the Bun of this project, the libraries that Bun
 * loads, and the user: what else is in the real one is not needed.
 */
export function buildRoot(root: string): void {
  for (const line of readFileSync(join(project, 'deploy/Dockerfile'), 'utf8').split('\n')) {
    if (line === '' || line.startsWith('#')) continue
    const step = steps[line]
    if (!step)
      throw new LaunchError(`test/image/build-root.ts does not know this line of the Dockerfile: ${line}`)
    step(root)
  }
}

function copyBase(root: string): void {
  const libraries = programOutput('ldd', [process.execPath]).match(/(?<=\s)\/\S+/g) ?? []
  const files = [[process.execPath, '/usr/local/bin/bun'], ...libraries.map((path) => [path, path])]
  for (const [from = '', to = ''] of files) {
    mkdirSync(join(root, dirname(to)), { recursive: true })
    copyFileSync(from, join(root, to))
  }
  for (const folder of ['dev', 'etc', 'proc', 'tmp', 'sys/fs/cgroup'])
    mkdirSync(join(root, folder), { recursive: true })
  writeFileSync(join(root, 'etc/passwd'), `bun:x:${ID}:${ID}::/home/bun:/bin/sh\n`)
  writeFileSync(join(root, 'etc/group'), `bun:x:${ID}:\n`)
}

/** As .dockerignore says; test/dockerfile.test.ts knows its rules. */
function copyContext(root: string): void {
  const sent = readFileSync(join(project, '.dockerignore'), 'utf8').matchAll(/^!(.+)$/gm)
  const filter = (path: string) => !path.endsWith('.test.ts') && basename(path) !== 'testing'
  for (const [, name = ''] of sent)
    cpSync(join(project, name), join(root, 'app', name), { recursive: true, filter })
}
