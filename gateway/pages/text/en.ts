import { kinds } from './en/kinds.ts'
import { problems } from './en/problems.ts'
import { shell } from './en/shell.ts'

export const en = { shell, kinds, problems }
