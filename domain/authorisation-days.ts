/** How long a merchant can wait with a capture (DOMAIN §2). */

/** Days where the merchant's terms say nothing else. */
export const AUTHORISATION_DAYS = 13

/** Days at most, by the terms or by extension: nobody's limit is held for longer. */
export const AUTHORISATION_DAYS_MAX = 180
