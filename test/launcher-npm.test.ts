import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { descendantsOf } from './processes.ts'
import { becomesReady, freeLauncherPort, nothingLeft, run, startMs } from './run-launcher.ts'

test('leaves nothing behind when npm is killed', { timeout: 3 * startMs }, async () => {
  const data = mkdtempSync(join(tmpdir(), 'launcher-npm-'))
  onTestFinished(() => rmSync(data, { recursive: true }))
  const port = await freeLauncherPort()
  const id = randomUUID()
  const npm = run('npm', ['start', '--', '--port', String(port), '--data', data], {
    KAFKA_BROKERS: inject('kafkaBrokers').join(','),
    DATA_TOPIC: `DataTopic-${id}`,
    NOTIFICATIONS_TOPIC: `Notifications-${id}`,
    DEAD_LETTER_TOPIC: `DeadLetter-${id}`,
    FOLLOW_UP_TOPIC: `FollowUp-${id}`,
    FIGURES_TOPIC: `Figures-${id}`,
    HISTORY_TOPIC: `History-${id}`,
    LAYOUT_TOPIC: `Layout-${id}`,
    GROUP_ID: id,
  })
  onTestFinished(() => void npm.process.kill('SIGKILL'))
  await becomesReady(npm)

  const all = descendantsOf(npm.process.pid ?? 0)
  expect(all.some(({ command }) => command.includes('kafka.Kafka'))).toBe(false)
  npm.process.kill('SIGKILL')
  await nothingLeft(
    all.map(({ pid }) => pid),
    data,
  )
})
