import { checkout } from './en/checkout.ts'
import { checkouts } from './en/checkouts.ts'
import { deadLetters } from './en/dead-letters.ts'
import { forecast } from './en/forecast.ts'
import { insights } from './en/insights.ts'
import { members } from './en/members.ts'
import { messages } from './en/messages.ts'
import { notifications } from './en/notifications.ts'
import { overview } from './en/overview.ts'
import { site } from './en/site.ts'
import { verdicts } from './en/verdicts.ts'

export const en = {
  site,
  overview,
  members,
  forecast,
  checkouts,
  checkout,
  insights,
  deadLetters,
  notifications,
  messages,
  verdicts,
}
