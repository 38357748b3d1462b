import { parentPort } from 'node:worker_threads'
import { computeForecast, type ForecastInput } from './compute-forecast.ts'

// Not on the classifying thread: tens of thousands of minutes are fitted.
parentPort?.on('message', (input: ForecastInput) => parentPort?.postMessage(computeForecast(input)))
