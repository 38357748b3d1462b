import type { MemberEvent } from '../../figures/member-event.ts'
import type { GatewayFigures, MemberFigures, ProcessorFigures } from '../../figures/member-figures.ts'
import { idleGateway, idleProcessor } from '../../figures/testing/idle-figures.ts'
import { createSystemModel } from '../system-model.ts'
import type { OperationsTick, SystemState } from '../system-state.ts'
import type { Verdict, VerdictCode } from '../verdict.ts'

const START = 1_800_000_000_000

interface Change {
  faults?: MemberFigures['faults']
  ends?: true
}

type Happening<Event> = Event extends MemberEvent ? Omit<Event, 'is' | 'at'> : never

/** A system whose seconds pass as a test wants; times are in seconds since its start. */
export function simulate({ partial = false }: { partial?: boolean } = {}) {
  const model = createSystemModel({
    from: partial ? 'gateway-1' : 'processor-1',
    partial,
    homePartitions: () => 3,
    followedSince: START,
  })
  let now = START
  let latest: OperationsTick | undefined

  const state = (): SystemState => {
    if (!latest) throw new Error('there was no tick yet')
    return latest.state
  }

  function publish(figures: MemberFigures): void {
    model.takeFromTopic({ ...figures, at: now }, now)
  }

  return {
    model,
    state,
    tick: () => latest as OperationsTick,
    seconds: () => (now - START) / 1_000,
    at: (seconds: number) => START + seconds * 1_000,

    /** Lets seconds pass; `each` happens before the tick of each of them. */
    run(seconds: number, each: (second: number) => void = () => undefined): SystemState {
      for (let i = 0; i < seconds; i++) {
        now += 1_000
        each((now - START) / 1_000)
        latest = model.tick(now)
      }
      return state()
    },

    /** Seconds in which this process is frozen. */
    freeze(seconds: number): void {
      now += seconds * 1_000
    },

    publish,
    event: (event: Happening<MemberEvent>): void =>
      model.takeFromTopic({ is: 'event', at: now, ...event }, now),
    ends: (byPartition: Record<number, number>): void =>
      model.sampleEnds(now, new Map(Object.entries(byPartition).map(([p, end]) => [Number(p), end]))),

    codes: (): VerdictCode[] => state().verdicts.map(({ code }) => code),
    verdict: <Code extends VerdictCode>(code: Code) =>
      state().verdicts.find((verdict): verdict is Verdict & { code: Code } => verdict.code === code),
  }
}

export type Simulation = ReturnType<typeof simulate>

/** Figures of a gateway that does nothing, but for the change. */
export function gateway(
  name = 'gateway-1',
  { gateway: own = {}, ...change }: Change & { gateway?: Partial<GatewayFigures> } = {},
): MemberFigures {
  return {
    ...base(name, 'gateway'),
    gateway: { ...idleGateway, ...own },
    ...change,
  }
}

/** Figures of a processor that owns these partitions, by number of the next record. */
export function processor(
  name = 'processor-1',
  owned: Record<number, number> = {},
  { processor: own = {}, ...change }: Change & { processor?: Partial<ProcessorFigures> } = {},
): MemberFigures {
  return {
    ...base(name, 'processor'),
    processor: {
      ...idleProcessor,
      partitions: Object.entries(owned).map(([partition, next]) => ({
        partition: Number(partition),
        next,
        claimedAt: START,
      })),
      ...own,
    },
    ...change,
  }
}

const base = (member: string, role: MemberFigures['role']): MemberFigures => ({
  is: 'figures',
  member,
  run: `${member}-run`,
  role,
  at: START,
  startedAt: START,
  memoryBytes: 1,
  cpuSeconds: 0,
  faults: [],
})
