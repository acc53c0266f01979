/**
 * The same pure function, which remembers its last answer: for what several parts of one decision ask, each for itself.
 * Arguments are compared by identity; neither they nor the answer may change afterwards.
 */
export function rememberLast<Args extends readonly unknown[], Answer>(
  compute: (...args: Args) => Answer,
): (...args: Args) => Answer {
  let last: { readonly args: Args; readonly answer: Answer } | null = null
  return (...args) => {
    if (last !== null && isSame(last.args, args)) return last.answer
    const answer = compute(...args)
    last = { args, answer }
    return answer
  }
}

function isSame(left: readonly unknown[], right: readonly unknown[]): boolean {
  if (left.length !== right.length) return false
  for (let index = 0; index < left.length; index++) if (!Object.is(left[index], right[index])) return false
  return true
}
