import { textsOf } from '../text/texts.ts'
import { language } from './language.ts'

export const texts = textsOf(language)
