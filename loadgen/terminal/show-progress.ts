import { clearScreenDown, moveCursor } from 'node:readline'
import { stripVTControlCharacters } from 'node:util'
import { createLogUpdate } from 'log-update'
import type { Progress } from '../progress.ts'
import { formatProgress } from './format-progress.ts'
import { formatScreen } from './format-screen.ts'

const REDRAW_EVERY_MS = 250
const LINE_EVERY_MS = 1_000

/**
 * Shows the state of the run: in place on a terminal, otherwise line by line. Returns a function that stops
 * it.
 */
export function showProgress(
  out: NodeJS.WriteStream,
  read: () => Progress,
  { quiet }: { quiet: boolean },
): () => void {
  if (quiet) return () => {}
  // A terminal without a size, as in some CI systems, cannot be drawn on.
  if (out.isTTY && out.columns > 0 && out.rows > 0) return drawScreen(out, read)
  const timer = setInterval(() => out.write(`${formatProgress(read())}\n`), LINE_EVERY_MS)
  return () => clearInterval(timer)
}

function drawScreen(out: NodeJS.WriteStream, read: () => Progress): () => void {
  // To restore a hidden cursor, log-update handles the signals, and Bun would no longer end raw mode on them.
  const logUpdate = createLogUpdate(out, { showCursor: true })
  let drawn: string[] = []

  function draw() {
    // After a write to the last column, terminals differ in the position of the cursor.
    const screen = formatScreen(read(), out.columns - 1)
    const plain = stripVTControlCharacters(screen)
    logUpdate(out.hasColors() ? screen : plain)
    drawn = plain.split('\n').slice(1 - out.rows)
  }

  /** A narrowed terminal has wrapped the lines, and log-update erases only as many as it wrote. */
  function redraw() {
    const rows = drawn.reduce((sum, line) => sum + Math.max(Math.ceil(line.length / out.columns), 1), 0)
    moveCursor(out, 0, -rows)
    clearScreenDown(out)
    logUpdate.done()
    draw()
  }

  draw()
  const timer = setInterval(draw, REDRAW_EVERY_MS)
  out.on('resize', redraw)
  return () => {
    clearInterval(timer)
    out.off('resize', redraw)
    logUpdate.clear()
  }
}
