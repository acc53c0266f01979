import { type Serde, SerdeNotReady } from '../serde/serde.ts'

/** A serde may need several things one after the other (a schema and those it refers to), but not endlessly many. */
export const PREPARES_MAX = 10

/** Decodes bytes, and waits for what the serde needs before it can. @throws what the serde and its `prepare` throw */
export async function decodeWhenReady<T>(serde: Serde<T>, bytes: Buffer): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    try {
      return serde.deserialize(bytes)
    } catch (error) {
      if (!(error instanceof SerdeNotReady) || attempt >= PREPARES_MAX) throw error
      await error.prepare()
    }
  }
}
