/** Whom to send checkouts to, and to ask what became of them. */
export interface Target {
  /** Without a slash at the end. */
  target: string
  /** Headers that prove who asks. */
  credential: Record<string, string>
}
