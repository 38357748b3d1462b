/**
 * One thing that a process depends on, in the words of draft-inadarei-api-health-check: only `fail` keeps the process
 * from serving, `warn` is for a person to look at.
 */
export interface HealthCheck {
  name: string
  status: 'pass' | 'warn' | 'fail'
  /** What is wrong and what to do; no secret and nothing of a customer, since `/health/ready` asks for no key. */
  detail?: string
}

/** A check that passes unless it is given what is wrong. */
export const healthCheck = (
  name: string,
  detail: string | undefined,
  severity: 'warn' | 'fail' = 'fail',
): HealthCheck => (detail === undefined ? { name, status: 'pass' } : { name, status: severity, detail })
