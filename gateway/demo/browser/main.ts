import { start as startLogIn } from '../../pages/browser/log-in.ts'
import { startSwitches } from '../../pages/browser/switches.ts'
import { start as startShop } from './shop.ts'

startSwitches()
if (document.body.dataset['view'] === 'log-in') startLogIn()
else startShop()
