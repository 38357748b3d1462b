import type { kinds as english } from '../en/kinds.ts'

export const kinds: typeof english = {
  quick: 'Compra rápida',
  slow: 'Compra lenta',
  none: 'Visita',
  unverified: 'Compra sin verificar',
  invalid: 'Registro no válido',
}
