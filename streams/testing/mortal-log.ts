import type { FetchRequest, JoinGroupOptions, Log, TransactionalProducer } from '../log/log.ts'
import type { MemoryLog } from '../log/memory/memory-log.ts'

/** A log as one process sees it that may be killed: from then on nothing it asks for ever happens. */
export type MortalLog = {
  readonly log: Log
  /** Ends the process, and lets its groups notice as a broker does that hears nothing of a member any more. */
  kill(): Promise<void>
  /** Ends it before its groups have noticed. */
  vanish(): void
  /** While true, reads of changelogs find nothing until they are called off: a standby stands still. */
  holdsReads: boolean
}

/** A log for one process of several that share it. */
export function mortalLog(shared: MemoryLog): MortalLog {
  let isDead = false
  const memberships: { readonly group: string; readonly memberId: string }[] = []
  const never = new Promise<never>(() => undefined)
  const alive = async <T>(work: () => Promise<T>): Promise<T> => {
    if (isDead) return await never
    const result = await work()
    return isDead ? await never : result
  }
  const joinGroup = async (options: JoinGroupOptions) => {
    const member = await shared.joinGroup({
      ...options,
      onAssigned: async (...args) => (isDead ? undefined : await options.onAssigned(...args)),
      onRevoked: (...args) => alive(() => options.onRevoked(...args)),
      onLost: async (...args) => (isDead ? undefined : await options.onLost(...args)),
    })
    memberships.push({ group: options.group, memberId: member.memberId })
    return member
  }
  const producer = (id: string) => {
    return alive(async (): Promise<TransactionalProducer> => {
      const own = await shared.producer(id)
      return { commit: (transaction) => alive(() => own.commit(transaction)), close: () => own.close() }
    })
  }
  const mortal: MortalLog = {
    log: withMethods(shared, {
      ...{ joinGroup, producer },
      fetch: (request: FetchRequest) => alive(() => held(mortal, request, () => shared.fetch(request))),
      fetchEntries: (request: FetchRequest) => alive(() => held(mortal, request, () => shared.fetchEntries(request))),
      committed: (...args: Parameters<Log['committed']>) => alive(() => shared.committed(...args)),
    }),
    vanish: () => {
      isDead = true
    },
    kill: async () => {
      isDead = true
      for (const { group, memberId } of memberships) await shared.expelMember(group, memberId)
    },
    holdsReads: false,
  }
  return mortal
}

async function held<T>(mortal: MortalLog, request: FetchRequest, fetch: () => Promise<readonly T[]>) {
  const isChangelog = request.positions.some(({ topic }) => topic.endsWith('.changelog'))
  const isHeld = () => mortal.holdsReads && isChangelog
  let fetched = isHeld() ? null : await fetch()
  while (fetched === null || isHeld()) {
    await new Promise((resolve) => setTimeout(resolve, 1))
    // What came while it was held is given to whoever asks next.
    if (request.signal?.aborted) return []
    fetched = isHeld() ? null : await fetch()
  }
  return fetched
}

/** The same log with other methods in place of its own. */
function withMethods(log: Log, methods: Partial<Log>): Log {
  return new Proxy(log, {
    get: (target, name) => {
      const own: unknown = Reflect.get(methods, name) ?? Reflect.get(target, name, target)
      return typeof own === 'function' ? own.bind(target) : own
    },
  })
}
