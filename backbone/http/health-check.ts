/**
 * The state of one dependency, with the terms of draft-inadarei-api-health-check. Only `fail` makes the
 * process not ready; `warn` asks an operator to look.
 */
export interface HealthCheck {
  name: string
  status: 'pass' | 'warn' | 'fail'
  /** The problem and its remedy. No secrets and no customer data, because `/health/ready` requires no key. */
  detail?: string
}

/** A check that passes unless a problem is given. */
export const healthCheck = (
  name: string,
  detail: string | undefined,
  severity: 'warn' | 'fail' = 'fail',
): HealthCheck => (detail === undefined ? { name, status: 'pass' } : { name, status: severity, detail })
