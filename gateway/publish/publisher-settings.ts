interface PublishSettings {
  DATA_TOPIC: string
  QUEUE_MAX_RECORDS: number
  PUBLISH_TIMEOUT_MS: number
}

// A second limit, beside their number: that many of the largest checkouts would not fit in memory.
const MOST_WAITING_BYTES = 32 * 1024 * 1024

export const publisherSettings = (config: PublishSettings) => ({
  topic: config.DATA_TOPIC,
  maxWaiting: config.QUEUE_MAX_RECORDS,
  maxWaitingBytes: MOST_WAITING_BYTES,
  timeoutMs: config.PUBLISH_TIMEOUT_MS,
})
