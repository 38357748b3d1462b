/** Disconnects a client that is not used again. Ignores errors, because the client may have failed already. */
export async function disconnectQuietly(client: { disconnect(): Promise<void> }): Promise<void> {
  try {
    await client.disconnect()
  } catch {
    // The connection was lost before.
  }
}
