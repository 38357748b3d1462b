/** Runs work that may fail without harm, and ignores system errors (a full disk, a removed folder). */
export function ignoreSystemErrors(work: () => void): void {
  try {
    work()
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error)) throw error
  }
}
