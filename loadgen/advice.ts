const ADVICE: Record<string, string> = {
  '401': 'it requires an API key: name a file with a valid one with --key-file',
  '403': 'the API key of --key-file must have the scopes write, read and personal',
  '404': 'is --target the address of a gateway?',
  'connection refused': 'is the system running? npm start starts it, --target selects another address',
  'unknown host': 'is the address of --target right?',
}

/** The remedy when a target answers with this status, or does not answer for this reason. */
export const adviceOn = (outcome: string | number): string | undefined => ADVICE[outcome]
