/** Disconnects a client that may have failed already and is not used again: an error changes nothing. */
export async function disconnectQuietly(client: { disconnect(): Promise<void> }): Promise<void> {
  try {
    await client.disconnect()
  } catch {
    // It was not connected any more.
  }
}
