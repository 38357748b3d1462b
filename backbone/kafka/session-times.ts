/**
 * kafkajs 2.2.4 authenticates a connection again before the first request in the last part of its session, by itself 10 s.
 * If sessions are no longer than that, it does so before each request, and Kafka refuses to. Less than a request may take
 * from here to the broker would end sessions early, which only costs a new connection.
 */
export const REAUTHENTICATED_BEFORE_MS = 1_000

/** Brokers take one authentication of a connection in a second, apart from the first (KIP-368). */
export const SHORTEST_SESSION_MS = REAUTHENTICATED_BEFORE_MS + 1_000
