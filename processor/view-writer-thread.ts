import { parentPort, workerData } from 'node:worker_threads'
import { createViewWriter, type ViewWrite } from './view-writer.ts'

// Off the classifying thread: a transaction of thousands of rows takes tens of milliseconds.
const writer = createViewWriter(String(workerData))

parentPort?.on('message', (write: ViewWrite | 'close') => {
  if (write === 'close') {
    writer.close()
    parentPort?.close()
    return
  }
  writer.write(write)
  parentPort?.postMessage('written')
})
