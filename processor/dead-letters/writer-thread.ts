import { parentPort, workerData } from 'node:worker_threads'
import { createLetterWriter, type LetterWrite } from './writer.ts'

// Not on the classifying thread: a flood of dead letters must not delay outcomes.
const { path } = workerData as { path: string }
const writer = createLetterWriter(path)

parentPort?.on('message', (write: LetterWrite | 'close') => {
  if (write === 'close') {
    writer.close()
    parentPort?.close()
    return
  }
  writer.write(write)
  parentPort?.postMessage('written')
})
