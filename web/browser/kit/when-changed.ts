/** Draws only what differs from the last time, so that what a reader selected or focused stays. */
export function whenChanged<T>(draw: (value: T) => void): (value: T) => void {
  let last: string | undefined
  return (value) => {
    const now = JSON.stringify(value)
    if (now === last) return
    draw(value)
    last = now
  }
}
