/** The credit bureau that is asked while a policy names no other. */
export const PRIMARY_BUREAU = 'primary'

/** The credit bureaus there can be. */
export const BUREAU_NAMES = [PRIMARY_BUREAU, 'secondary'] as const

/** The name of a credit bureau. */
export type BureauName = (typeof BUREAU_NAMES)[number]
