// Preloaded into a process: no load makes it need much more memory than was measured.
const STEP_BYTES = 40 * 2 ** 20
const MOST_STEPS = 14

const kept: Buffer[] = []
setInterval(() => {
  if (kept.length < MOST_STEPS) kept.push(Buffer.alloc(STEP_BYTES, 1))
}, 200).unref()
