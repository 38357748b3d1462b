import { emitKeypressEvents, type Key } from 'node:readline'

interface KeyActions {
  faster(): void
  slower(): void
  asPlanned(): void
  stop(): void
}

/**
 * Calls an action when its key is pressed; without a terminal there are no keys. Returns a function that
 * stops it.
 */
export function readKeys(input: NodeJS.ReadStream, actions: KeyActions): () => void {
  if (!input.isTTY) return () => {}

  function act(text: string | undefined, { name, ctrl }: Key) {
    // A terminal in raw mode sends no SIGINT.
    if (ctrl) {
      if (name === 'c') actions.stop()
    } else if (text === '+' || text === '=' || name === 'up') actions.faster()
    else if (text === '-' || name === 'down') actions.slower()
    else if (text === '0') actions.asPlanned()
    else if (text === 'q') actions.stop()
  }

  emitKeypressEvents(input)
  input.setRawMode(true)
  input.on('keypress', act)
  // A closed terminal rejects the mode and reports an error; then there are no more keys.
  input.on('error', () => undefined)
  input.resume()
  return () => {
    input.off('keypress', act)
    try {
      input.setRawMode(false)
    } catch {}
    input.pause()
  }
}
