import type { KeptAdmin } from '../../backbone/kafka/admin.ts'

/** A fake admin client with these answers. */
export const testAdmin = (answers: object): KeptAdmin => ({
  renew: () => undefined,
  use: <T>(ask: (connected: never) => T) => ask(answers as never),
  close: async () => undefined,
})
