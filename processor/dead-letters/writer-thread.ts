import { parentPort, workerData } from 'node:worker_threads'
import type { DataTopic } from './read-dead-letter.ts'
import { createLetterWriter, type LetterWrite } from './writer.ts'

// Not on the classifying thread: a flood of dead letters must not delay outcomes.
const { path, data } = workerData as { path: string; data: DataTopic }
const writer = createLetterWriter(path, data)

parentPort?.on('message', (write: LetterWrite | 'close') => {
  if (write === 'close') {
    writer.close()
    parentPort?.close()
    return
  }
  writer.write(write)
  parentPort?.postMessage('written')
})
