import type { OperationsTick, SystemState } from '../../backbone/operations/system-state.ts'
import { bySeverity, type Verdict, type VerdictCode } from '../../backbone/operations/verdict.ts'

/** What a gateway knows of its own checkouts. */
const ABOUT_CHECKOUTS: ReadonlySet<VerdictCode> = new Set([
  'buyers-refused',
  'checkouts-wait',
  'some-purchases-refused',
  'visits-refused',
])
const verdictsOf = (own: SystemState): Verdict[] =>
  own.verdicts.filter(({ code }) => ABOUT_CHECKOUTS.has(code))

/**
 * When Kafka fails, a processor gets no figures of gateways: its state lacks what buyers get, and says so only after some
 * seconds. This gateway knows it.
 */
function addOwnState(whole: SystemState, own: SystemState): SystemState {
  const known = verdictsOf(own)
  if (!whole.verdicts.some(({ code }) => code === 'kafka-unavailable'))
    return addVerdicts(replaceOwnSilence(whole, own), known)
  const others = whole.verdicts.filter(({ code }) => !ABOUT_CHECKOUTS.has(code))
  return {
    ...whole,
    checkouts: own.checkouts,
    verdicts: [...known, ...others].toSorted(bySeverity),
    members: withItself(whole, own),
  }
}

function withItself({ members }: SystemState, own: SystemState): SystemState['members'] {
  const itself = new Map(own.members.map((member) => [member.run, member]))
  return members.map((member) => itself.get(member.run) ?? member)
}

/** Processors know only that its figures do not arrive: to restart it would not help. */
function replaceOwnSilence(whole: SystemState, own: SystemState): SystemState {
  const silence = whole.verdicts.find((verdict) => isSilenceOf(own.from, verdict))
  if (silence === undefined) return whole
  const others = whole.verdicts.filter((verdict) => verdict !== silence)
  const details = { member: own.from, check: 'figures', detail: 'its figures do not reach the processors' }
  const notReady: Verdict = { code: 'not-ready', level: 'warn', since: silence.since, details }
  return {
    ...whole,
    verdicts: [...others, notReady].toSorted(bySeverity),
    members: withItself(whole, own),
  }
}

const isSilenceOf = (name: string, { code, details }: Verdict): boolean =>
  code === 'member-silent' && details['role'] === 'gateway' && details['member'] === name

function addVerdicts(whole: SystemState, known: readonly Verdict[]): SystemState {
  const isAlone = whole.members.filter(({ role, status }) => role === 'gateway' && status === 'ok').length < 2
  const more = known.filter(
    ({ code }) =>
      // Another gateway may accept purchases.
      (code !== 'buyers-refused' || isAlone) && whole.verdicts.every((verdict) => verdict.code !== code),
  )
  if (more.length === 0) return whole
  const others = whole.verdicts.filter(({ code }) => code !== 'buyers-get-through')
  return { ...whole, verdicts: [...others, ...more].toSorted(bySeverity) }
}

function addOwnTick({ state, point, events }: OperationsTick, own: OperationsTick): OperationsTick {
  const added = addOwnState(state, own.state)
  if (added.checkouts === state.checkouts) return { state: added, point, events }
  const { purchases, visits, refusedPurchases, refusedVisits, p50, p99 } = own.point
  return {
    state: added,
    point: { ...point, purchases, visits, refusedPurchases, refusedVisits, p50, p99 },
    events,
  }
}

/** Whether this gateway may know more than a state, which is JSON: most are passed on as they came. */
function mayAdd(json: string, own: SystemState): boolean {
  const says = (code: VerdictCode) => json.includes(`"code":"${code}"`)
  if (says('kafka-unavailable') || says('member-silent')) return true
  return verdictsOf(own).some(({ code }) => !says(code))
}

/** The state, as JSON, with what this gateway knows. */
export function addToState(json: string, own: () => OperationsTick): string {
  const { state } = own()
  if (!mayAdd(json, state)) return json
  return JSON.stringify(addOwnState(JSON.parse(json) as SystemState, state))
}

const FRAME_END = '\n\n'
const STATE = 'event: state\ndata: '

/** The same for the frames of the event stream. */
export function addToStream(own: () => OperationsTick): TransformStream<Uint8Array, Uint8Array> {
  const decoder = new TextDecoder()
  let rest = ''

  function addTo(frame: string): string {
    if (!frame.startsWith(STATE) || !mayAdd(frame, own().state)) return frame
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
