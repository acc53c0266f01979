/**
 * Strings in order, for the store in memory: blocks of a few hundred keys, so that adding and removing one moves few
 * of them. Keys are bytes read as latin1, whose order as strings is the order of the bytes.
 */
const BLOCK_MAX = 512

/** A set of strings that can be walked in order from any point. */
export class SortedKeys {
  private blocks: string[][] = []

  /** Adds a key; nothing changes where it is there. */
  add(key: string): void {
    const at = this.blockOf(key)
    const block = this.blocks[at]
    if (block === undefined) {
      this.blocks.push([key])
      return
    }
    const index = lowerBound(block, key)
    if (block[index] === key) return
    block.splice(index, 0, key)
    if (block.length > BLOCK_MAX) this.blocks.splice(at + 1, 0, block.splice(BLOCK_MAX / 2))
  }

  /** Removes a key; nothing changes where it is not there. */
  delete(key: string): void {
    const at = this.blockOf(key)
    const block = this.blocks[at]
    if (block === undefined) return
    const index = lowerBound(block, key)
    if (block[index] !== key) return
    block.splice(index, 1)
    if (block.length === 0) this.blocks.splice(at, 1)
  }

  /** The keys from `gte` (included) to `lt` (not included), at most `limit`, from the low end or the high one. */
  range(gte: string, lt: string, limit: number, reverse: boolean): string[] {
    return reverse ? this.downFrom(lt, gte, limit) : this.upFrom(gte, lt, limit)
  }

  private upFrom(gte: string, lt: string, limit: number): string[] {
    const found: string[] = []
    for (let at = this.blockOf(gte); at < this.blocks.length; at++) {
      const block = this.blocks[at] ?? []
      for (let index = lowerBound(block, gte); index < block.length; index++) {
        const key = block[index] as string
        if (key >= lt || found.length >= limit) return found
        found.push(key)
      }
    }
    return found
  }

  private downFrom(lt: string, gte: string, limit: number): string[] {
    const found: string[] = []
    for (let at = Math.min(this.blockOf(lt), this.blocks.length - 1); at >= 0; at--) {
      const block = this.blocks[at] ?? []
      for (let index = lowerBound(block, lt) - 1; index >= 0; index--) {
        const key = block[index] as string
        if (key < gte || found.length >= limit) return found
        found.push(key)
      }
    }
    return found
  }

  /** The block a key belongs in: the last one that begins at or before it. */
  private blockOf(key: string): number {
    let low = 0
    let high = this.blocks.length
    while (low < high) {
      const middle = (low + high) >>> 1
      if ((this.blocks[middle]?.[0] as string) <= key) low = middle + 1
      else high = middle
    }
    return low === 0 ? 0 : low - 1
  }
}

/** The index of the first key that is not below `key`. */
function lowerBound(block: readonly string[], key: string): number {
  let low = 0
  let high = block.length
  while (low < high) {
    const middle = (low + high) >>> 1
    if ((block[middle] as string) < key) low = middle + 1
    else high = middle
  }
  return low
}
