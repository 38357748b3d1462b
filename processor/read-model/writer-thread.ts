import { parentPort, workerData } from 'node:worker_threads'
import { createFileWriter, type FileWrite } from './writer.ts'

// Not on the classifying thread: a transaction of thousands of rows takes tens of milliseconds.
const writer = createFileWriter(String(workerData))

parentPort?.on('message', (write: FileWrite | 'close') => {
  if (write === 'close') {
    writer.close()
    parentPort?.close()
    return
  }
  writer.write(write)
  parentPort?.postMessage('written')
})
