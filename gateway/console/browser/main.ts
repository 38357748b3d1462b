import { start as startLogIn } from '../../pages/browser/log-in.ts'
import { startSwitches } from '../../pages/browser/switches.ts'
import { start as startCheckout } from './checkout.ts'
import { start as startCheckouts } from './checkouts.ts'
import { start as startDeadLetters } from './dead-letters.ts'
import { start as startForecast } from './forecast.ts'
import { start as startMembers } from './members.ts'
import { start as startNotifications } from './notifications.ts'
import { start as startOverview } from './overview.ts'

const views: Record<string, () => void> = {
  overview: startOverview,
  members: startMembers,
  forecast: startForecast,
  checkouts: startCheckouts,
  checkout: startCheckout,
  'dead-letters': startDeadLetters,
  notifications: startNotifications,
  'log-in': startLogIn,
}

startSwitches()
views[document.body.dataset['view'] ?? '']?.()
