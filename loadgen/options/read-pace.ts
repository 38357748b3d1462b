import { resolve } from 'node:path'
import { type PlacedSegment, placeSegments } from '../sending/rate-segments.ts'
import { peakRecordedRate, type RecordedPace, recordedLengthMs } from '../sending/recorded-schedule.ts'
import { readRecordedTimes } from '../shoppers/recorded-times.ts'
import type { SingleFlags } from './flag-values.ts'

/** Flags that the recording replaces. */
const DECIDED = ['executor', 'rate', 'vus', 'duration', 'stage', 'think-time']

/** Reads the recorded times for `--pace recorded`; `faults` lists conflicting flags. */
export async function readPace(
  { pace, speed, replay }: SingleFlags,
  given: ReadonlyMap<string, unknown>,
  scenario: string | undefined,
  folder: string,
): Promise<{ pace: RecordedPace | undefined; faults: string[] }> {
  if (pace === undefined) {
    return { pace: undefined, faults: speed === undefined ? [] : ['--speed requires --pace recorded'] }
  }
  const decided = DECIDED.filter((flag) => given.has(flag))
  const faults = [
    ...decided.map(
      (flag) => `--pace recorded uses the times of the recording and cannot be combined with --${flag}`,
    ),
    ...(scenario === undefined
      ? []
      : ['--pace recorded uses the times of the recording and cannot be combined with a scenario']),
  ]
  if (replay === undefined)
    return { pace: undefined, faults: [...faults, '--pace recorded requires --replay'] }
  const times = await readRecordedTimes(resolve(folder, replay))
  if (typeof times === 'string') return { pace: undefined, faults: [...faults, `--pace recorded: ${times}`] }
  return { pace: { timesMs: times, speed: speed ?? 1 }, faults }
}

export const nameOfPace = ({ speed }: RecordedPace): string =>
  speed === 1 ? 'recorded pace' : `recorded pace, speed ${speed}`

/** The whole recording as one stage, with its duration and highest rate; it does not define due times. */
export function segmentsOfPace(pace: RecordedPace): PlacedSegment[] {
  const peak = peakRecordedRate(pace)
  const durationMs = Math.max(1, recordedLengthMs(pace))
  return placeSegments([{ durationMs, from: peak, to: peak, stage: 0, written: nameOfPace(pace) }])
}
