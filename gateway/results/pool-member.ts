export interface PoolMember {
  readonly url: string
  /** Whether it responds to its probes. */
  answers: boolean
  /** Whether it has responded since this gateway started. */
  hasAnswered: boolean
  /** A read is late and nothing was answered since: asked last until its next probe succeeds. */
  suspected: boolean
  answeredAt: number
  failedUntil: number
  /** Callbacks of the reads and streams that leave this member when it is taken out. */
  readonly leaving: Set<() => void>
}

export const createMember = (url: string): PoolMember => ({
  url,
  answers: true,
  hasAnswered: false,
  suspected: false,
  answeredAt: Number.NEGATIVE_INFINITY,
  failedUntil: 0,
  leaving: new Set(),
})

export const answeringOf = (members: readonly PoolMember[]): PoolMember[] =>
  members.filter(({ answers }) => answers)

/** Whether reads should leave it. If no other member responds, it is better to wait. */
export const isAbandoned = (member: PoolMember, all: readonly PoolMember[]): boolean =>
  !member.answers && answeringOf(all).length > 0

export function leaveAbandoned(all: readonly PoolMember[]): void {
  for (const { leaving } of all.filter((member) => isAbandoned(member, all))) {
    const callbacks = [...leaving]
    leaving.clear()
    for (const leave of callbacks) leave()
  }
}

/** The detail of the readiness check; undefined if all respond. */
export function describeSilent(all: readonly PoolMember[]): string | undefined {
  const silent = all.filter(({ answers }) => !answers).map(({ url }) => url)
  if (silent.length === 0) return undefined
  const verb = silent.length === 1 ? 'does' : 'do'
  return `${silent.length} of ${all.length} processors ${verb} not respond: ${silent.join(', ')}`
}
