import { start as startLogIn } from '../../console/browser/log-in.ts'
import { startSwitches } from '../../console/browser/switches.ts'
import { start as startShop } from './shop.ts'

startSwitches()
if (document.body.dataset['view'] === 'log-in') startLogIn()
else startShop()
