/** Whether a gateway or a processor says that it can serve, within the time. */
export async function isReady(url: string, withinMs = 2_000): Promise<boolean> {
  try {
    const signal = AbortSignal.timeout(withinMs)
    // A kept connection would be another's, where several share the port.
    return (await fetch(`${url}/health/ready`, { signal, keepalive: false })).ok
  } catch {
    return false
  }
}
