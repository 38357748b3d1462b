/** The system to send checkouts to, and to follow their outcomes on. */
export interface Target {
  /** Without a trailing slash. */
  target: string
  /** Headers of the credential. */
  credential: Record<string, string>
}
