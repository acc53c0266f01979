/**
 * How the stores of all tasks share one ordered map: `<app>\0<taskId>\0<store>\0<key>`. Names hold no zero byte, so
 * that no prefix is the beginning of another one. A store name that starts with `\x01` is the runtime's own.
 */
import { StreamsError } from '../errors.ts'
import type { KeyRange } from './store.ts'

/** The runtime's own store of a task: changelog offsets. */
const META_STORE = '\x01meta'

/** The name of the runtime's own entries that belong to an application and not to one of its tasks. */
const APP_TASK = '\x01app'

/** The first bytes of every key of a task's store. */
export function storePrefix(app: string, taskId: string, store: string): Buffer {
  for (const name of [app, taskId, store]) {
    if (name === '' || name.includes('\0')) {
      throw new StreamsError(
        'STORE_NAME_INVALID',
        `${JSON.stringify(name)} cannot be part of a store's key: a name is not empty and holds no zero character.`,
      )
    }
  }
  return Buffer.from(`${app}\0${taskId}\0${store}\0`, 'utf8')
}

/** All keys that begin with `prefix`, which must end in a byte below 0xff, as those of `storePrefix` do. */
export function storeRange(prefix: Buffer): KeyRange {
  const lt = Buffer.from(prefix)
  const last = lt.length - 1
  lt.writeUInt8(lt.readUInt8(last) + 1, last)
  return { gte: prefix, lt }
}

/** All keys of an application in this backend: its tasks, its fingerprint. */
export function appRange(app: string): KeyRange {
  return storeRange(Buffer.from(`${app}\0`, 'utf8'))
}

/** Where a task keeps how far a changelog is applied to its store: a checkpoint. */
export function changelogOffsetKey(app: string, taskId: string, topic: string): Buffer {
  return Buffer.concat([storePrefix(app, taskId, META_STORE), Buffer.from(topic, 'utf8')])
}

/** Where an application keeps a fact about itself, such as the fingerprint of its topology. */
export function appMetaKey(app: string, name: string): Buffer {
  return Buffer.concat([storePrefix(app, APP_TASK, META_STORE), Buffer.from(name, 'utf8')])
}
