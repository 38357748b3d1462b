import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'

const modules = JSON.stringify(new URL('.', import.meta.url).href)

/** A process that only waits for its end. */
async function start(drain: string, deadlineMs = 20_000): Promise<ChildProcess> {
  const script = `
    const { drainOnSignal } = await import(${modules} + 'shutdown.ts')
    const { createLog } = await import(${modules} + 'log.ts')
    drainOnSignal(${drain}, ${deadlineMs}, createLog('test', { LOG_LEVEL: 'info' }))
    setInterval(() => {}, 1_000)
    process.stdout.write('ready')`
  const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] })
  child.stdout.setEncoding('utf8')
  await heard(child, 'ready')
  return child
}

async function heard(child: ChildProcess, words: string): Promise<void> {
  let said = ''
  for (;;) {
    const [chunk] = await once(child.stdout ?? child, 'data')
    said += chunk
    if (said.includes(words)) return
  }
}

test.each(['SIGTERM', 'SIGINT'] as const)('%s drains, then ends well', async (signal) => {
  const child = await start("async (signal) => console.log('last words after ' + signal)")
  const ended = Promise.all([heard(child, `last words after ${signal}`), once(child, 'exit')])
  child.kill(signal)
  expect((await ended)[1]).toEqual([0, null])
})

test('a failed drain exits with 1', async () => {
  const child = await start("async () => { throw new Error('no') }")
  child.kill()
  expect(await once(child, 'exit')).toEqual([1, null])
})

test('a drain that does not end is aborted', async () => {
  const child = await start('() => new Promise(() => {})', 50)
  child.kill()
  expect(await once(child, 'exit')).toEqual([1, null])
})

test('a second signal exits immediately', async () => {
  const child = await start('() => new Promise(() => {})')
  const draining = heard(child, 'draining')
  child.kill()
  await draining
  child.kill()
  expect(await once(child, 'exit')).toEqual([1, null])
})
