import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '#streams'

/** How long a producer hears nothing of a commit that everybody else can read already; can be changed on the way. */
export type SlowAcks = { ms: number }

/**
 * The log as an application sees it over a network: what it has committed is read by others before it knows itself, so
 * that an outcome is told while the state it stands for cannot be asked for yet.
 */
export function withSlowAcks<L extends Log>(log: L, acks: SlowAcks): L {
  const producer: Log['producer'] = async (transactionalId) => {
    const inner = await log.producer(transactionalId)
    return {
      commit: async (transaction) => {
        const receipt = await inner.commit(transaction)
        if (acks.ms > 0) await sleep(acks.ms)
        return receipt
      },
      close: () => inner.close(),
    }
  }
  return new Proxy(log, {
    get: (target, name) => {
      if (name === 'producer') return producer
      const member: unknown = Reflect.get(target, name, target)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
