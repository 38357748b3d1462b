import type { checkouts as english } from '../en/checkouts.ts'

export const checkouts: typeof english = {
  title: 'Checkouts',
}
