/** Milliseconds since 1970, monotonic within a thread and comparable between threads, whose `performance.now()` are not. */
export const now = () => performance.timeOrigin + performance.now()
