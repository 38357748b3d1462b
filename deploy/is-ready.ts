/** Whether a gateway or a processor is ready within the time. */
export async function isReady(url: string, withinMs = 2_000): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(withinMs)
    // A kept connection may belong to another process that shares the port.
    return (await fetch(`${url}/health/ready`, { signal, keepalive: false })).ok
  } catch {
    return false
  }
}
