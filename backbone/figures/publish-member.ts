import type { Logger } from 'pino'
import type { FiguresSender } from '../kafka/figures-sender.ts'
import type { KafkaRefusals } from '../kafka/watch-refusals.ts'
import { createMember, type MemberOptions } from './create-member.ts'
import { publishFigures } from './publish-figures.ts'
import { watchCondition } from './watch-condition.ts'

interface PublishMemberOptions extends MemberOptions {
  topic: string
  sender: FiguresSender
  refusals: Pick<KafkaRefusals, 'isAuthenticated' | 'explain' | 'isRefused' | 'detail'>
  /** Why Kafka does not serve this process, as far as its role knows. */
  kafkaFault?: () => string | undefined
  /** Called once a second, before the figures are taken. */
  onTick?: () => void
  log: Logger
}

// A start takes less, and so does another broker that becomes leader.
const UNAVAILABLE_AFTER_S = 3
const BACK_AFTER_S = 2
// Kafka may be starting, too.
const FIRST_WITHIN_MS = 30_000

/** Publishes the figures of this process, its events, and whether Kafka serves it. */
export function publishMember({
  topic,
  sender,
  refusals,
  kafkaFault = () => undefined,
  onTick = () => undefined,
  log,
  ...options
}: PublishMemberOptions) {
  const startedAt = performance.now()
  const member = createMember(options)
  const figures = publishFigures({
    member,
    sender,
    isAuthenticated: refusals.isAuthenticated,
    explain: (error) =>
      refusals.explain(error, { operation: 'Describe (or Create, where it is missing)', topic }),
    onTick: () => {
      watchKafka(fault())
      onTick()
    },
    log,
  })
  const { report } = figures
  const watchKafka = watchCondition<string>({
    began: (detail) => report('kafka-unavailable', { detail }),
    ended: () => report('kafka-back'),
    beginsAfter: UNAVAILABLE_AFTER_S,
    endsAfter: BACK_AFTER_S,
  })

  function fault(): string | undefined {
    // That is another event.
    if (refusals.isRefused()) return undefined
    if (!figures.hasSent() && performance.now() - startedAt < FIRST_WITHIN_MS) return undefined
    return (
      refusals.detail() ?? kafkaFault() ?? (figures.isUnreachable() ? 'Kafka does not answer' : undefined)
    )
  }

  return {
    report,
    relay: figures.relay,
    figures: () => member.figures(),
    takeEvents: () => figures.takeEvents(),
    close: () => figures.close(),
  }
}
