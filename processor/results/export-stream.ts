import type { Identity } from '../../backbone/access/identity.ts'

interface ExportStreamOptions {
  /** Each is a part of the file; empty ones are left out. */
  pieces: AsyncGenerator<Uint8Array, void>
  /** The export breaks off when it expires or is revoked. */
  credential: Pick<Identity, 'expiresAt' | 'revoked'>
  /** Called once: without an error if the file is complete, or the reader has disconnected. */
  onEnd: (error?: unknown) => void
}

/**
 * A file at its reader's pace: nothing is read before the last piece was taken. If it cannot be completed, the
 * stream fails, so that the server breaks off the body and the client knows that the file is incomplete.
 */
export function exportStream({ pieces, credential, onEnd }: ExportStreamOptions): ReadableStream<Uint8Array> {
  const { revoked, expiresAt = Number.POSITIVE_INFINITY } = credential
  let hasEnded = false

  /** A reader may disconnect while a piece is read, which then cannot be handed over. */
  function end(error?: unknown) {
    if (hasEnded) return
    hasEnded = true
    onEnd(error)
  }

  async function nextPiece(): Promise<Uint8Array | undefined> {
    for (;;) {
      if (revoked.aborted || Date.now() >= expiresAt) throw new Error('the credential is no longer valid')
      const piece = await pieces.next()
      if (piece.done) return undefined
      if (piece.value.length > 0) return piece.value
    }
  }

  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = await nextPiece()
          if (piece) return controller.enqueue(piece)
          controller.close()
          end()
        } catch (error) {
          end(error)
          throw error
        }
      },
      async cancel() {
        end()
        await pieces.return()
      },
    },
    { highWaterMark: 0 },
  )
}
