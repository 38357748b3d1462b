/** Whom to ask what became of checkouts, and how. */
export interface Target {
  /** Without a slash at the end. */
  target: string
  /** Headers that prove who asks. */
  credential: Record<string, string>
}
