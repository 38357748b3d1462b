import { personalLinesIn } from '../../personal-data.ts'
import { type Violation, violationOf } from './violation.ts'

const MOST_SHOWN = 10

/** The logs of the processes contain no customer data, whatever failed. */
export const logsPrivate = (folder: string): Violation[] =>
  personalLinesIn(folder)
    .slice(0, MOST_SHOWN)
    .map((line) => violationOf('private-logs', line))
