const WIDTH = 30

/** A progress bar on a terminal; where the output is no terminal, a line now and then. */
export class ProgressBar {
  readonly #out: NodeJS.WriteStream
  #printedPercent = -1

  constructor(out: NodeJS.WriteStream) {
    this.#out = out
  }

  show(label: string, done: number, total: number): void {
    const percent = total === 0 ? 100 : Math.floor((done / total) * 100)
    if (!this.#out.isTTY) {
      if (percent < this.#printedPercent + 10) return
      this.#printedPercent = percent
      this.#out.write(`${label}  ${percent} %\n`)
      return
    }
    const filled = Math.round((WIDTH * percent) / 100)
    const bar = '█'.repeat(filled) + '░'.repeat(WIDTH - filled)
    // After the last purchase the days go on until the last plan is settled.
    const what = done < total ? `${done} of ${total} purchases` : `${total} purchases; their plans go on`
    this.#out.write(`\r${label}  ${bar} ${String(percent).padStart(3)} %  ${what} `)
  }

  end(): void {
    if (this.#out.isTTY) this.#out.write('\n')
  }
}
