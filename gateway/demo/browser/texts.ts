import { language } from '../../console/browser/texts.ts'
import { demoTextsOf } from '../text/texts.ts'

export const texts = demoTextsOf(language)
