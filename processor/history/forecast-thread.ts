import { parentPort } from 'node:worker_threads'
import { computeForecast } from './compute-forecast.ts'

type Input = Parameters<typeof computeForecast>

// Not on the classifying thread: tens of thousands of minutes are fitted.
parentPort?.on('message', (input: Input) => parentPort?.postMessage(computeForecast(...input)))
