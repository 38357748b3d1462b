import {
  bySeverity,
  type OperationsTick,
  type SystemState,
  type VerdictCode,
} from '../../backbone/operations/system-state.ts'

/** What a gateway knows of its own answers. */
const ABOUT_ANSWERS: ReadonlySet<VerdictCode> = new Set([
  'buyers-refused',
  'some-purchases-refused',
  'visits-refused',
])

/** Without Kafka a processor hears no gateway: its state lacks whether buyers get through, which this gateway knows. */
function addOwnState(whole: SystemState, own: SystemState): SystemState {
  if (!whole.verdicts.some(({ code }) => code === 'kafka-unavailable')) return whole
  const known = own.verdicts.filter(({ code }) => ABOUT_ANSWERS.has(code))
  const others = whole.verdicts.filter(({ code }) => !ABOUT_ANSWERS.has(code))
  const itself = new Map(own.members.map((member) => [member.run, member]))
  return {
    ...whole,
    checkouts: own.checkouts,
    verdicts: [...known, ...others].toSorted(bySeverity),
    members: whole.members.map((member) => itself.get(member.run) ?? member),
  }
}

function addOwnTick({ state, point, events }: OperationsTick, own: OperationsTick): OperationsTick {
  const added = addOwnState(state, own.state)
  if (added === state) return { state, point, events }
  const { purchases, visits, refusedPurchases, refusedVisits, p50, p99 } = own.point
  return {
    state: added,
    point: { ...point, purchases, visits, refusedPurchases, refusedVisits, p50, p99 },
    events,
  }
}

/** In the JSON of a state. */
const CONCERNED = '"code":"kafka-unavailable"'

/** The state, as JSON, with what this gateway knows. */
export function addToState(json: string, own: () => OperationsTick): string {
  if (!json.includes(CONCERNED)) return json
  return JSON.stringify(addOwnState(JSON.parse(json) as SystemState, own().state))
}

const FRAME_END = '\n\n'
const STATE = 'event: state\ndata: '

/** The same for the frames of the event stream. */
export function addToStream(own: () => OperationsTick): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder()
  let rest = ''

  function addTo(frame: string): string {
    if (!frame.startsWith(STATE) || !frame.includes(CONCERNED)) return frame
    const tick = JSON.parse(frame.slice(STATE.length)) as OperationsTick
    return STATE + JSON.stringify(addOwnTick(tick, own()))
  }

  return new TransformStream({
    transform(chunk, controller) {
      const frames = (rest + decoder.decode(chunk, { stream: true })).split(FRAME_END)
      rest = frames.pop() ?? ''
      for (const frame of frames) controller.enqueue(Buffer.from(addTo(frame) + FRAME_END))
    },
    flush(controller) {
      if (rest !== '') controller.enqueue(Buffer.from(rest))
    },
  })
}
