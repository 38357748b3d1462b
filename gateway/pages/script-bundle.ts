import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

// npm installs it under this name on every platform.
const INSTALLED = fileURLToPath(new URL('../../node_modules/bun/bin/bun.exe', import.meta.url))
const BUILD_TIMEOUT_MS = 30_000

/**
 * A module with all that it imports, in one file: gateways are upgraded one by one, so another one may not have a chunk
 * of the same name. Another process builds it, so that no checkout waits for the build, and so that it works on each
 * runtime. Rejects if the build fails.
 */
export async function buildScript(entry: URL): Promise<string> {
  const bun = 'bun' in process.versions ? process.execPath : INSTALLED
  const { stdout } = await run(
    bun,
    ['build', fileURLToPath(entry), '--target=browser', '--format=esm', '--minify'],
    {
      timeout: BUILD_TIMEOUT_MS,
      maxBuffer: 16 * 1024 * 1024,
    },
  )
  return stdout
}
