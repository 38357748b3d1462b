import { type Cursor, decodeCursor } from '../results/cursor.ts'

export interface TestFrame {
  raw: string
  event?: string
  id?: string
  retry?: string
  data?: string
}

function parseFrame(raw: string): TestFrame {
  const fields = raw
    .trimEnd()
    .split('\n')
    .map((line) => [line.slice(0, line.indexOf(': ')), line.slice(line.indexOf(': ') + 2)])
  return { raw, ...(Object.fromEntries(fields) as Omit<TestFrame, 'raw'>) }
}

/** Reads an event stream frame by frame, on demand. */
export function readFrames(response: Response) {
  if (!response.body) throw new Error('there is no stream')
  const reader = response.body.getReader()
  const decoder = new TextDecoder()
  const frames: TestFrame[] = []
  let rest = ''

  /** The next frame, or undefined at the end of the stream. */
  async function next(): Promise<TestFrame | undefined> {
    for (;;) {
      const frame = frames.shift()
      if (frame) return frame
      const { done, value } = await reader.read()
      if (done) return undefined
      rest += decoder.decode(value, { stream: true })
      const parts = rest.split(/(?<=\n\n)/)
      rest = parts.at(-1)?.endsWith('\n\n') ? '' : (parts.pop() ?? '')
      frames.push(...parts.map(parseFrame))
    }
  }

  return {
    next,
    /** The next `count` events, without checkpoints. */
    events: async (count: number): Promise<TestFrame[]> => {
      const found: TestFrame[] = []
      while (found.length < count) {
        const frame = await next()
        if (!frame) throw new Error(`the stream ended after ${found.length} of ${count} events`)
        if (frame.event !== 'checkpoint') found.push(frame)
      }
      return found
    },
    cancel: () => reader.cancel(),
  }
}

export const eventIdOf = ({ data }: TestFrame): string =>
  (JSON.parse(data ?? '{}') as { eventId: string }).eventId

export const cursorOf = ({ id }: TestFrame): Cursor => decodeCursor(id ?? '')
