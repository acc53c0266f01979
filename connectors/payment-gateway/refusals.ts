import { ProviderRefused } from '../runtime/provider-error.ts'
import type { GatewayAnswer } from './client.ts'

/** What is reported where the gateway certainly did not act: another attempt can succeed. */
export const unavailableAnswer: GatewayAnswer = { succeeded: false, code: 'gateway_unavailable', retryable: true }

/** A request that the gateway refuses for itself is a failure for good, with the gateway's code. */
export async function whereRefused(answer: Promise<GatewayAnswer>): Promise<GatewayAnswer> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof ProviderRefused) return { succeeded: false, code: error.code, retryable: false }
    throw error
  }
}
