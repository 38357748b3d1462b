/** Runs what may be left undone when the system refuses it (a full disk, a folder that was removed). */
export function ignoreSystemErrors(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
  }
}
