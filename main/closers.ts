/** What was opened, and how to close it: last opened, first closed. */
export class Closers {
  readonly #closers: { readonly name: string; readonly close: () => Promise<void> }[] = []

  add(name: string, close: () => Promise<void>): void {
    this.#closers.push({ name, close })
  }

  /** Closes everything; what fails to close is reported and does not keep the rest open. */
  async closeAll(report: (message: string, error: unknown) => void): Promise<void> {
    for (let last = this.#closers.pop(); last !== undefined; last = this.#closers.pop()) {
      try {
        await last.close()
      } catch (error) {
        report(`Closing ${last.name} failed.`, error)
      }
    }
  }
}
