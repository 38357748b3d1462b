import { setTimeout as sleep } from 'node:timers/promises'
import { runInThread } from '../../processor/insights/run-in-thread.ts'
import { createStore } from '../../processor/insights/testing/generate-purchases.ts'
import { purchaseRecord } from '../../processor/insights/testing/purchase-record.ts'
import { openReadModel } from '../../processor/read-model/open-read-model.ts'

// Arguments: the file of the read model and its number of outcomes. Fills the file if necessary, and prints in one
// line how long an answer about all of them takes, and for how long it stops the event loop meanwhile.

const [path = '', count = ''] = process.argv.slice(2)
const outcomes = Number(count)
const PARTITIONS = 6
const END = Date.parse('2026-11-30T00:00:00Z')
const MINUTE_MS = 60_000
const DAY_MINUTES = 1_440
const TURN_MS = 5

const readModel = openReadModel({
  path,
  partitions: PARTITIONS,
  onFailure: (error) => {
    throw error
  },
})
const inAll = () => readModel.partitions().reduce((sum, { next }) => sum + next, 0)

/** Half of them in the last day, half in the day before. */
async function fill(): Promise<void> {
  const store = createStore({ seed: 1, perMinute: outcomes / 2 / DAY_MINUTES })
  for (let minute = END - 2 * DAY_MINUTES * MINUTE_MS; minute < END; minute += MINUTE_MS) {
    const purchases = store.minute(minute).toSorted((a, b) => a.at - b.at)
    const nexts = readModel.partitions().map(({ next }) => next)
    const records = purchases.map((purchase, index) => {
      const partition = index % PARTITIONS
      return purchaseRecord(purchase, {
        partition,
        offset: (nexts[partition] ?? 0) + Math.floor(index / PARTITIONS),
      })
    })
    for (const [partition, own] of Map.groupBy(records, (record) => record.partition)) {
      const next = (own.at(-1)?.offset ?? 0) + 1
      await readModel.append(partition, { records: own, next, resume: next, log: 'cafe0001' })
    }
  }
}

if (inAll() === 0) {
  await fill()
  // What is only in memory is written within half a second.
  await sleep(2_000)
}
const answer = runInThread({ path, timeZone: 'America/Santiago' })
const question = { since: END - DAY_MINUTES * MINUTE_MS, until: END, owner: undefined }
let [stallMs, lastTurn] = [0, performance.now()]
const turns = setInterval(() => {
  const now = performance.now()
  stallMs = Math.max(stallMs, now - lastTurn - TURN_MS)
  lastTurn = now
}, TURN_MS)
const began = performance.now()
const result = await answer(question, new AbortController().signal)
const answerMs = performance.now() - began
clearInterval(turns)
if (result === undefined) throw new Error('no answer')
console.log(JSON.stringify({ answerMs, stallMs, read: result.purchases.of }))
await readModel.close()
process.exit(0)
