import { checkout } from './es/checkout.ts'
import { checkouts } from './es/checkouts.ts'
import { deadLetters } from './es/dead-letters.ts'
import { forecast } from './es/forecast.ts'
import { insights } from './es/insights.ts'
import { members } from './es/members.ts'
import { messages } from './es/messages.ts'
import { notifications } from './es/notifications.ts'
import { overview } from './es/overview.ts'
import { site } from './es/site.ts'
import { verdicts } from './es/verdicts.ts'

export const es = {
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
