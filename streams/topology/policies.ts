/** What happens to a record that cannot be decoded. `skip` drops and counts it. */
export type DecodePolicy = 'fail' | 'dead-letter' | 'skip'

/**
 * What happens to a record whose processing fails. `park` keeps it and makes later records of its key wait in order
 * until a control record replays or discards them.
 */
export type ProcessPolicy = 'fail' | 'dead-letter' | 'park' | 'skip'

/** The failure policies of a topology. */
export type FailurePolicies = { readonly onDecodeError: DecodePolicy; readonly onProcessError: ProcessPolicy }

/** What holds where a topology says nothing. */
export const DEFAULT_POLICIES: FailurePolicies = { onDecodeError: 'dead-letter', onProcessError: 'dead-letter' }
