/** Disconnects a client that may have been given up already: whatever comes of it, it is not used again. */
export async function hangUp(client: { disconnect(): Promise<void> }): Promise<void> {
  try {
    await client.disconnect()
  } catch {
    // It was given up before.
  }
}
