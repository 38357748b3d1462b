import type { Token } from './keep-token.ts'
import { TokenError } from './keep-token.ts'

/**
 * A token for IAM of Amazon MSK: a request to connect to a cluster, signed for 15 minutes. Rejects with
 * {@link TokenError}.
 */
export async function fetchMskToken(region: string): Promise<Token> {
  // Loads a large part of the AWS SDK, which others do not need.
  const { generateAuthToken } = await import('aws-msk-iam-sasl-signer-js')
  try {
    const { token, expiryTime } = await generateAuthToken({ region })
    return { value: token, expiresAt: expiryTime }
  } catch (error) {
    // Its message can name a profile or an address.
    const name = error instanceof Error ? error.name : 'unknown'
    throw new TokenError(
      `There are no usable AWS credentials (${name})`,
      "AWS's default credentials: environment, profile, container or instance",
    )
  }
}
