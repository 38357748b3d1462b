import { checkout } from './es/checkout.ts'
import { checkouts } from './es/checkouts.ts'
import { deadLetters } from './es/dead-letters.ts'
import { kinds } from './es/kinds.ts'
import { members } from './es/members.ts'
import { notifications } from './es/notifications.ts'
import { overview } from './es/overview.ts'
import { problems } from './es/problems.ts'
import { shell } from './es/shell.ts'
import { verdicts } from './es/verdicts.ts'

export const es = {
  shell,
  kinds,
  overview,
  members,
  checkouts,
  checkout,
  deadLetters,
  notifications,
  problems,
  verdicts,
}
