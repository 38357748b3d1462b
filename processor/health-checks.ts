import { healthCheck } from '../backbone/http/health-check.ts'
import type { KafkaRefusals } from '../backbone/kafka/watch-refusals.ts'

interface Parts {
  refusals: Pick<KafkaRefusals, 'detail' | 'warning'>
  /** Why results are old; undefined if they are not, or if this processor serves none. */
  resultsBehind: () => string | undefined
  isSettled: () => boolean
  deadLettersBehind: () => string | undefined
  topicMismatch: () => string | undefined
}

/** What a processor checks once its topics are known. */
export const processorChecks = (parts: Parts) => [
  healthCheck('kafka', parts.refusals.detail()),
  healthCheck('results', parts.resultsBehind()),
  healthCheck('partitions', parts.isSettled() ? undefined : 'partitions are being claimed'),
  healthCheck('dead letters', parts.refusals.warning() ?? parts.deadLettersBehind(), 'warn'),
  healthCheck('topics', parts.topicMismatch(), 'warn'),
]
