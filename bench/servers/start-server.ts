import { fileURLToPath } from 'node:url'
import { startChild } from '../children.ts'

/** In a separate process, so that its work is not counted as the bench's. */
export async function startServer<Figures>(file: 'do-nothing.ts' | 'stalling.ts') {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const { firstLine: port, end } = await startChild([process.execPath, path])
  const url = `http://127.0.0.1:${port}`
  return {
    url,
    end,
    async takeFigures(): Promise<Figures> {
      const answer = await fetch(`${url}/figures`, { method: 'POST' })
      return (await answer.json()) as Figures
    },
  }
}
