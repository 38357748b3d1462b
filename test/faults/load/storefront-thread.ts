import { workerData } from 'node:worker_threads'
import { answerCalls } from './answer-calls.ts'
import { runStorefront, type StorefrontOptions } from './run-storefront.ts'

const storefront = runStorefront(workerData as StorefrontOptions)

export type StorefrontCalls = typeof storefront

answerCalls(storefront)
