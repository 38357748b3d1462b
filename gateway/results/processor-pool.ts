import type { Logger } from 'pino'

// A processor that cannot serve now (503) or refuses connections is asked last for this long.
const FAILED_MS = 1_000

interface Member {
  readonly url: string
  /** By its probes. */
  answers: boolean
  /** Since this gateway started. */
  hasAnswered: boolean
  /** A read is late and nothing else was answered since: asked last until its next probe answers. */
  suspected: boolean
  answeredAt: number
  failedUntil: number
  /** Reads and streams that move on when this member is taken out. */
  readonly leaving: Set<() => void>
}

export type ProcessorPool = ReturnType<typeof createProcessorPool>

interface PoolOptions {
  urls: readonly string[]
  log: Logger
  now?: () => number
}

/**
 * Which processors serve results, and in which order a read asks them: round robin over those that answer their probes
 * (Envoy's outlier ejection). When none answers, all are asked (its panic threshold).
 */
export function createProcessorPool({ urls, log, now = () => performance.now() }: PoolOptions) {
  const members = new Map<string, Member>(
    urls.map((url) => [
      url,
      {
        url,
        answers: true,
        hasAnswered: false,
        suspected: false,
        answeredAt: Number.NEGATIVE_INFINITY,
        failedUntil: 0,
        leaving: new Set(),
      },
    ]),
  )
  const all = [...members.values()]
  let turn = 0
  let probeSuspect: ((url: string) => void) | undefined

  const answering = () => all.filter(({ answers }) => answers)
  const isAbandoned = (member: Member) => !member.answers && answering().length > 0
  const isDoubtful = ({ suspected, failedUntil }: Member) => suspected || failedUntil > now()

  function setAnswers(member: Member, answers: boolean) {
    if (member.answers === answers) return
    member.answers = answers
    const facts = { processor: member.url, answering: answering().length, processors: all.length }
    if (answers) log.info(facts, `Processor ${member.url} responds: it serves reads`)
    // Not a warning while they start together.
    else if (!member.hasAnswered) log.info(facts, `Processor ${member.url} does not respond yet`)
    else log.warn(facts, `Processor ${member.url} does not respond: reads go to the others`)
    for (const { leaving } of all.filter(isAbandoned)) {
      const callbacks = [...leaving]
      leaving.clear()
      for (const leave of callbacks) leave()
    }
  }

  return {
    urls: [...members.keys()],

    /** The processors to ask, in order. */
    next(): string[] {
      const able = answering()
      const candidates = able.length > 0 ? able : all
      const start = turn++ % Math.max(1, candidates.length)
      const ordered = [...candidates.slice(start), ...candidates.slice(0, start)]
      return [...ordered.filter((member) => !isDoubtful(member)), ...ordered.filter(isDoubtful)].map(
        ({ url }) => url,
      )
    },

    /** A read was answered by it, whatever the status. */
    answered(url: string) {
      const member = members.get(url)
      if (member) member.answeredAt = now()
    },

    /** It refused a read or could not be reached. */
    failed(url: string) {
      const member = members.get(url)
      if (member) member.failedUntil = now() + FAILED_MS
    },

    /** A read that was sent to it at `sentAt` has no answer yet. Slow reads alone do not make it suspect. */
    late(url: string, sentAt: number) {
      const member = members.get(url)
      if (!member || member.suspected || member.answeredAt > sentAt) return
      member.suspected = true
      probeSuspect?.(url)
    },

    /** What a probe found; `answers` false takes it out. */
    probed(url: string, answers: boolean) {
      const member = members.get(url)
      if (!member) return
      if (answers) {
        member.suspected = false
        member.answeredAt = now()
      }
      setAnswers(member, answers)
      member.hasAnswered ||= answers
    },

    /** Who is to probe a suspect at once. */
    onSuspect(probe: (url: string) => void) {
      probeSuspect = probe
    },

    /**
     * Calls back, once and never at once, when this processor is out and another one answers; returns what forgets it. While
     * no other answers it is better to wait.
     */
    whenAbandoned(url: string, leave: () => void): () => void {
      const member = members.get(url)
      if (!member) return () => undefined
      if (isAbandoned(member)) {
        queueMicrotask(leave)
        return () => undefined
      }
      member.leaving.add(leave)
      return () => member.leaving.delete(leave)
    },

    answering: () => answering().length,

    /** What readiness says, or undefined when all answer. */
    fault(): string | undefined {
      const silent = all.filter(({ answers }) => !answers).map(({ url }) => url)
      if (silent.length === 0) return undefined
      const verb = silent.length === 1 ? 'does' : 'do'
      return `${silent.length} of ${all.length} processors ${verb} not respond: ${silent.join(', ')}`
    },
  }
}
