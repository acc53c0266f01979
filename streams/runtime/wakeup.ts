/**
 * Lets one loop sleep until something happens. A call of `wake` while nobody sleeps is kept for the next `sleep`, so
 * that what happens between looking and sleeping is not missed.
 */
export class Wakeup {
  private pending = false
  private resolve: (() => void) | undefined

  wake(): void {
    const { resolve } = this
    if (resolve === undefined) {
      this.pending = true
      return
    }
    this.resolve = undefined
    resolve()
  }

  /** One sleeper at a time. */
  async sleep(): Promise<void> {
    if (this.pending) {
      this.pending = false
      return
    }
    await new Promise<void>((resolve) => {
      this.resolve = resolve
    })
  }
}
