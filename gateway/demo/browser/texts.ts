import { language } from '../../pages/browser/language.ts'
import { demoTextsOf } from '../text/texts.ts'

export const texts = demoTextsOf(language)
