/** Smaller answers have bytes of their own: they are cheap, and there are few of them where much is read. */
const BYTES_MIN = 256 * 1024
/** Sizes are rounded up to it, so that the next answer, which is about as large, finds room. */
const STEP = 256 * 1024
/** Kept for the next answers: what some tasks that restore beside each other have on their way. */
const SPARES_MAX = 16

/**
 * Bytes for answers that are read once and not kept. A restore reads gigabytes in pieces of the same size: read into
 * the same bytes again, they cost no page of new memory and give the garbage collector nothing to count.
 */
export class AnswerBuffers {
  /** Held weakly: when nothing is restored any more, the next collection takes them. */
  private spares: WeakRef<Buffer>[] = []

  /** Bytes for an answer of that size. */
  readonly take = (size: number): Buffer => {
    if (size < BYTES_MIN) return Buffer.allocUnsafe(size)
    const found = this.spares.findIndex((spare) => (spare.deref()?.length ?? 0) >= size)
    const whole = found < 0 ? undefined : this.spares.splice(found, 1)[0]?.deref()
    return (whole ?? Buffer.allocUnsafeSlow(Math.ceil(size / STEP) * STEP)).subarray(0, size)
  }

  /** Nobody reads these bytes any more; `take` gave them. */
  giveBack(bytes: Buffer): void {
    if (bytes.length < BYTES_MIN) return
    this.spares = this.spares.filter((spare) => spare.deref() !== undefined)
    if (this.spares.length < SPARES_MAX) this.spares.push(new WeakRef(Buffer.from(bytes.buffer)))
  }
}
