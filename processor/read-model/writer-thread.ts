import { parentPort, workerData } from 'node:worker_threads'
import { type PackedRecords, unpackRecords } from './packed-records.ts'
import { createFileWriter, type FileWrite } from './writer.ts'

export type PackedWrite = Omit<FileWrite, 'records'> & { packed: PackedRecords }

// Not on the classifying thread: a transaction of thousands of rows takes tens of milliseconds.
const writer = createFileWriter(String(workerData))

parentPort?.on('message', (write: PackedWrite | 'close') => {
  if (write === 'close') {
    writer.close()
    parentPort?.close()
    return
  }
  const { packed, ...rest } = write
  writer.write({ ...rest, records: unpackRecords(packed) })
  parentPort?.postMessage('written')
})
