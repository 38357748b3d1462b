import { start as startLogIn } from '../../pages/browser/log-in.ts'
import { startSwitches } from '../../pages/browser/switches.ts'

startSwitches()
if (document.body.dataset['view'] === 'log-in') startLogIn()
