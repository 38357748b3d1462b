import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import { expect, inject, onTestFinished, vi } from 'vitest'
import type { ClientLibrary, ExpectedFailures } from './client-library.ts'
import { expectedTest } from './expected-test.ts'
import { joinGroup, type TestMember } from './test-member.ts'
import { createContractTopics } from './test-topics.ts'

const memberProgram = fileURLToPath(new URL('group-member.ts', import.meta.url))
const until = (check: () => void) => vi.waitFor(check, { timeout: 30_000, interval: 50 })

/** What a processor expects of its group, for any client library. `url` is the address of the module with the library. */
export function testConsumerGroup(
  library: ClientLibrary,
  url: string,
  expectedFailures: ExpectedFailures = {},
): void {
  const test = expectedTest(expectedFailures)
  const topics = createContractTopics()
  const brokers = inject('kafkaBrokers')

  const shared = async (...members: TestMember[]) => {
    await until(() => {
      const owned = members.map((member) => member.assigned())
      expect(owned.flat().toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
      expect(owned.map(({ length }) => length)).toEqual(members.map(() => 4 / members.length))
    })
  }

  test('two members share the partitions, and each partition has one owner', async () => {
    const topic = await topics.create(4)
    const members = [1, 2].map(() => joinGroup(library, { topic, partitions: 4 }))
    await shared(...members)
    for (const partition of [0, 1, 2, 3]) await topics.send(topic, partition, 'a')
    await until(() => expect(members.flatMap(({ received }) => received)).toHaveLength(4))
    for (const { received, assigned } of members)
      expect(received.toSorted()).toEqual(assigned().map((partition) => `${partition}/0 a`))
  })

  test('the others take over the partitions of a member that stops', async () => {
    const topic = await topics.create(4)
    const [one, other] = [1, 2].map(() => joinGroup(library, { topic, partitions: 4 })) as [
      TestMember,
      TestMember,
    ]
    await shared(one, other)
    await one.stop()
    await shared(other)
  })

  test('the others take over the partitions of a member that is killed', async () => {
    const topic = await topics.create(4)
    const child = spawn(process.execPath, [memberProgram, url, brokers.join(','), topic, '4', topic], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const gone = once(child, 'exit')
    onTestFinished(() => void child.kill('SIGKILL'))
    let printed = ''
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text
    })
    const other = joinGroup(library, { topic, partitions: 4 })
    await until(() => expect(printed).toMatch(/assigned 2\n$/))
    await until(() => expect(other.assigned()).toHaveLength(2))
    child.kill('SIGKILL')
    await gone
    await shared(other)
    for (const partition of [0, 1, 2, 3]) await topics.send(topic, partition, 'a')
    await until(() => expect(other.received).toHaveLength(4))
  })
}
