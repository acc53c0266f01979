import { ProviderRefused } from '../runtime/provider-error.ts'
import type { GatewayAnswer } from './client.ts'

/** What is reported where the gateway certainly did not act: another attempt can succeed, or another gateway. */
export const unavailableAnswer: GatewayAnswer = {
  ...{ succeeded: false, code: 'gateway_unavailable', retryable: true, technical: true },
}

/** Refusals of a request after which something may have happened under its key all the same. */
const NO_PROOF: readonly string[] = ['idempotency_key_reused', 'http_409']

/**
 * A request that the gateway refuses for itself is a failure for good at this gateway, with its code; another one may
 * take it, unless the refusal leaves open what happened before.
 */
export async function whereRefused(answer: Promise<GatewayAnswer>): Promise<GatewayAnswer> {
  try {
    return await answer
  } catch (error) {
    if (!(error instanceof ProviderRefused)) throw error
    return { succeeded: false, code: error.code, retryable: false, technical: !NO_PROOF.includes(error.code) }
  }
}
