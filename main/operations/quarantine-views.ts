import type { DeadLetterView, ParkedKeyView } from '#api/operations.ts'
import type { StreamsApp } from '#streams'

/** The newest dead letters of an application, for people. */
export async function deadLetterViews(app: StreamsApp, limit: number): Promise<readonly DeadLetterView[]> {
  return (await app.deadLetters({ limit })).map(({ at, cause }) => ({ ...at, ...cause }))
}

/** The keys that are parked on this instance of an application, for people. */
export async function parkedKeyViews(app: StreamsApp): Promise<readonly ParkedKeyView[]> {
  return (await app.parkedKeys()).map(({ key, records, cause }) => ({
    ...{ key, records },
    code: cause?.code ?? 'UNKNOWN',
    message: cause?.message ?? '',
  }))
}
