import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { descendantsOf } from './processes.ts'
import { becomesReady, freeLauncherPort, nothingLeft, paste, runLauncher, startMs } from './run-launcher.ts'

test('runs three brokers and two gateways, and stops all of them', { timeout: 3 * startMs }, async () => {
  const data = mkdtempSync(join(tmpdir(), 'launcher-cluster-'))
  onTestFinished(() => rmSync(data, { recursive: true }))
  const port = await freeLauncherPort(['--gateways', '2'])
  const launcher = runLauncher(['--port', String(port), '--data', data, '--brokers', '3', '--gateways', '2'])
  onTestFinished(() => void launcher.process.kill('SIGKILL'))
  await becomesReady(launcher)
  expect(launcher.stdout()).toMatch(/^Kafka (127\.0\.0\.1:\d+,?){3}, logs in /m)

  const post = paste(launcher, 'curl -X POST')
  await post.ended
  expect(JSON.parse(post.stdout())).toMatchObject({ status: 'accepted' })

  const storedBy = async (gateway: number) => {
    const metrics = await (await fetch(`http://127.0.0.1:${port + 12 + gateway}/metrics`)).text()
    return Number(/^checkout_stored_total\{lane="purchase"\} (\d+)$/m.exec(metrics)?.[1])
  }
  // Each scrape is of the gateway that the port belongs to.
  for (let scrape = 0; scrape < 5; scrape++) expect((await storedBy(0)) + (await storedBy(1))).toBe(1)

  const pids = descendantsOf(launcher.process.pid ?? 0).map(({ pid }) => pid)
  expect(pids).toHaveLength(1 + 3 + 2 + 2)
  launcher.process.kill('SIGINT')
  expect(await launcher.ended).toBe(0)
  await nothingLeft(pids, data)
})
