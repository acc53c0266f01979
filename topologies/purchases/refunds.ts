import type { PurchaseCapture } from '#schemas'

/** What of a capture was not refunded yet; minor units. */
export function refundableMinor(capture: PurchaseCapture): number {
  return capture.amountMinor - capture.refundedMinor
}

/**
 * The captures after a refund: of one capture where it is named, else over all of them, oldest first.
 * The caller has checked that the amount fits.
 */
export function applyRefund(
  captures: readonly PurchaseCapture[],
  captureId: string | null,
  amountMinor: number,
): readonly PurchaseCapture[] {
  let left = amountMinor
  return captures.map((capture) => {
    if (captureId !== null && capture.captureId !== captureId) return capture
    const part = Math.min(left, refundableMinor(capture))
    left -= part
    return part === 0 ? capture : { ...capture, refundedMinor: capture.refundedMinor + part }
  })
}
