import { expect, test } from 'vitest'

const RUN = `
  import { isInBackground } from './loadgen/terminal/in-background.ts'
  console.log(process.argv.at(-1) + ': ' + isInBackground())
`

// Bun has no such terminals on Windows, and some containers have no `ps`.
const onTerminal = test.skipIf(process.platform === 'win32' || !Bun.which('ps'))

onTerminal('a background job is distinguished from a foreground job', async () => {
  const decoder = new TextDecoder()
  let written = ''
  const job = `"$BUN" -e "$RUN"`
  const child = Bun.spawn(['sh', '-c', `set -m; ${job} behind & wait; ${job} before`], {
    env: { ...process.env, BUN: process.execPath, RUN },
    terminal: {
      data(_, bytes) {
        written += decoder.decode(bytes, { stream: true })
      },
    },
  })
  await child.exited
  child.terminal?.close()
  expect(written).toContain('behind: true')
  expect(written).toContain('before: false')
})
