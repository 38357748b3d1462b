import { runInThread } from './run-in-thread.ts'
import { shareAnswers } from './share-answers.ts'

/** Answers why purchases were slow, from the file of the read model. */
export const openInsights = ({
  VIEW_FILE: path,
  TIME_ZONE: timeZone,
}: {
  VIEW_FILE: string
  TIME_ZONE: string
}) => shareAnswers({ answer: runInThread({ path, timeZone }), now: Date.now })
