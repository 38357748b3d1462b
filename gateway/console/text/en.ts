import { checkout } from './en/checkout.ts'
import { checkouts } from './en/checkouts.ts'
import { deadLetters } from './en/dead-letters.ts'
import { kinds } from './en/kinds.ts'
import { members } from './en/members.ts'
import { notifications } from './en/notifications.ts'
import { overview } from './en/overview.ts'
import { problems } from './en/problems.ts'
import { shell } from './en/shell.ts'
import { verdicts } from './en/verdicts.ts'

export const en = {
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
