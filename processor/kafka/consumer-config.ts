/**
 * How much is asked of a broker at a time. With six partitions in one response a processor is no faster, neither with a
 * backlog nor when it recreates its read model, and takes a third more memory: kafkajs creates some eight objects for each
 * record before it hands any over.
 */
const fetching = {
  maxWaitTimeInMs: 250,
  maxBytesPerPartition: 1024 * 1024,
  maxBytes: 2 * 1024 * 1024,
}

/** For every consumer that is replaced when it fails. */
export const retrying = {
  heartbeatInterval: 1_000,
  // A former leader may still accept connections, behind a proxy: kafkajs then asks it again and again.
  metadataMaxAge: 1_000,
  // Longer than a broker takes to be replaced: a consumer that gives up leaves its group, which then waits for its session.
  retry: {
    initialRetryTime: 100,
    maxRetryTime: 500,
    retries: 40,
    restartOnFailure: () => Promise.resolve(false),
  },
}

export const consumerConfig = { allowAutoTopicCreation: false, ...fetching, ...retrying }
