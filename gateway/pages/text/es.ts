import { kinds } from './es/kinds.ts'
import { problems } from './es/problems.ts'
import { shell } from './es/shell.ts'

export const es = { shell, kinds, problems }
