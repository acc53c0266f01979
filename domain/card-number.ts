/** Card numbers in texts: nobody asks for one here, and what is typed all the same must not be kept. */

/** 15 or 16 digits of a card network, in groups or not, that stand for themselves. */
const CANDIDATE = /(?<![0-9A-Za-z])[3-6](?:[ -]?\d){14,15}(?![0-9A-Za-z])/g

/** Whether a text holds what can only be a card number: the first digit of a network, its length, its check digit. */
export function holdsCardNumber(text: string): boolean {
  return (text.match(CANDIDATE) ?? []).some((found) => passesLuhn(found.replace(/[ -]/g, '')))
}

/** The check digit of card numbers (ISO/IEC 7812-1, Annex B). */
export function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1)
    return total + (value > 9 ? value - 9 : value)
  }, 0)
  return sum % 10 === 0
}
