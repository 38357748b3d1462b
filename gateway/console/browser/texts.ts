import { language } from '../../pages/browser/language.ts'
import { consoleTextsOf } from '../text/texts.ts'

export const texts = consoleTextsOf(language)
