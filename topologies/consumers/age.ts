/** Years a person must have lived to open an account. */
export const ADULT_AGE = 18

/**
 * Completed years of life on a date; below 0 where the birth is still to come. In a common year, someone born on
 * 29 February has the birthday on 1 March.
 */
export function ageOn(dateOfBirth: string, date: string): number {
  const years = Number(date.slice(0, 4)) - Number(dateOfBirth.slice(0, 4))
  return date.slice(5) < dateOfBirth.slice(5) ? years - 1 : years
}
