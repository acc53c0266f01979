import { describe, expect, test } from 'vitest'
import { given } from '#streams/testing'
import { CODE_ATTEMPTS_MAX, CODE_MS, SENDS_MAX, SENDS_OF_ALL_MAX, SENDS_WINDOW_MS } from './code-machine.ts'
import { consumer } from './consumer.ts'
import { beginRegistration, confirmRegistration, HOUR, meta, opening, T0, tick } from './consumer-samples.ts'

const nobody = given(consumer, 'con_1')
const asked = nobody.after(beginRegistration())
const open = nobody.after(...opening())
/** A stranger asks for the same address. */
const stranger = (no = 1, at: number = T0) =>
  beginRegistration({
    ...{ meta: meta(`cmd_stranger_${no}`, at), givenName: 'Mara', passwordHash: 'of a stranger' },
    ...{ codeId: `cod_s${no}`, codeHash: `hash of the code of cod_s${no}` },
  })
const refusal = (code: string) => ({ type: 'ConsumerCommandRefused', code }) as const

describe('registration', () => {
  test('has a code sent, and opens nothing yet', () => {
    const decided = nobody
      .when(beginRegistration())
      .gives(
        { type: 'RegistrationBegun', codeId: 'cod_0', email: 'lena@example.com', expiresAt: T0 + CODE_MS },
        { type: 'CodeKept', code: { purpose: 'REGISTRATION', codeHash: 'hash of the code of cod_0' } },
        { type: 'RegistrationKept', registration: { passwordHash: '$argon2id$1' } },
      )
    decided.leaves({ profile: null, passwordHash: null, sessions: [] })
    expect(JSON.stringify(decided.events[0])).not.toMatch(/argon2id|hash of/)
  })

  test('opens the account and its first session for the code, and takes the address as proved', () => {
    const decided = asked
      .when(confirmRegistration())
      .gives(
        { type: 'ConsumerRegistered', email: 'lena@example.com', dateOfBirth: '1990-05-17', country: 'DE' },
        { type: 'PasswordKept', passwordHash: '$argon2id$1' },
        { type: 'ContactVerified', purpose: 'EMAIL', codeId: 'cod_0' },
        { type: 'SessionStarted', sessionId: 'ses_0', expiresAt: T0 + HOUR },
        { type: 'SessionKept', session: { tokenHash: 'hash of ses_0' } },
        { type: 'CodeKept', code: { status: 'USED' } },
        { type: 'RegistrationKept', registration: null },
      )
    decided.leaves({
      profile: { email: 'lena@example.com', registeredAt: T0 },
      passwordHash: '$argon2id$1',
      sessions: [{ sessionId: 'ses_0', tokenHash: 'hash of ses_0', refreshExpiresAt: T0 + 240 * HOUR }],
      kyc: { status: 'NOT_STARTED' },
      emailVerifiedAt: T0,
      registration: null,
    })
    const told = JSON.stringify(decided.events.filter((event) => 'meta' in event))
    expect(told).not.toMatch(/argon2id|hash of/)
  })

  test('with an address that has an account tells its owner, and changes nothing of it', () => {
    const decided = open
      .when(stranger())
      .gives({ type: 'RegistrationRepeated', consumerId: 'con_1' }, { type: 'CodeKept' })
    const { codes: _before, ...before } = open.state
    const { codes: _after, ...after } = decided.state
    expect(after).toEqual(before)
    // Not even the right code helps: it was sent to nobody.
    const confirm = confirmRegistration({ codeId: 'cod_s1', codeHash: 'hash of the code of cod_s1' })
    const tried = open.after(stranger()).when(confirm).gives(refusal('CODE_UNKNOWN'))
    expect(tried.state).toEqual(decided.state)
  })

  test('of somebody too young is refused in the same words, whether or not there is an account', () => {
    const young = { ...stranger(), dateOfBirth: '2010-01-01' }
    for (const state of [nobody, asked, open]) {
      const decided = state.when(young).gives(refusal('CONSUMER_UNDERAGE'))
      expect(decided.state).toEqual(state.state)
    }
  })

  test('is the last one who asks: nobody opens with their code what another one said of themselves', () => {
    const second = asked.after(stranger())
    expect(second.when(confirmRegistration()).gives(refusal('CODE_UNKNOWN')).state).toEqual(second.state)
    const confirm = confirmRegistration({ codeId: 'cod_s1', codeHash: 'hash of the code of cod_s1' })
    second.when(confirm).leaves({ profile: { givenName: 'Mara' }, passwordHash: 'of a stranger' })
  })

  test('is tried with five wrong codes', () => {
    let state = asked
    for (let no = 1; no <= CODE_ATTEMPTS_MAX; no += 1) {
      const wrong = confirmRegistration({ meta: meta(`cmd_wrong_${no}`), codeHash: 'of another code' })
      state.when(wrong).gives(refusal('CODE_WRONG'), { type: 'CodeKept' })
      state = state.after(wrong)
    }
    state.when(confirmRegistration()).gives(refusal('CODE_EXHAUSTED'))
  })

  test('is confirmed within ten minutes; what is not is dropped, and can be asked for again', () => {
    const end = T0 + CODE_MS
    asked.when(confirmRegistration({ meta: meta('cmd_late', end - 1) })).leaves({ profile: { givenName: 'Lena' } })
    asked.when(confirmRegistration({ meta: meta('cmd_late', end) })).gives(refusal('CODE_EXPIRED'))
    expect(asked.dueAt).toBe(end)
    asked.when(tick(end - 1)).givesNothing()
    const dropped = asked.when(tick(end)).gives({ type: 'RegistrationKept', registration: null })
    expect(JSON.stringify(dropped.state)).not.toContain('lena@example.com')
    asked.after(tick(end)).when(confirmRegistration()).gives(refusal('CONSUMER_UNKNOWN'))
    asked
      .after(tick(end))
      .when(stranger(1, end))
      .leaves({ registration: { profile: { givenName: 'Mara' } } })
    expect(open.dueAt).toBeNull()
  })

  test.each([
    ['has an account', open],
    ['has none', asked],
  ])('sends five mails a day for one who asks, to an address that %s', (_what, begun) => {
    const numbers = Array.from({ length: SENDS_MAX - 1 }, (_, no) => no)
    const full = begun.after(...numbers.map((no) => stranger(no)))
    const decided = full.when(stranger(9, T0 + SENDS_WINDOW_MS - 1)).gives(refusal('CODES_TOO_MANY'))
    expect(decided.state).toEqual(full.state)
    expect(full.when(stranger(9, T0 + SENDS_WINDOW_MS)).events[0]?.type).toMatch(/^Registration(Begun|Repeated)$/)
  })

  test.each([
    ['has an account', open],
    ['has none', nobody],
  ])('is not kept from the owner of an address by strangers who ask for it, where it %s', (_what, begun) => {
    const by = (requester: string, no: number) => ({ ...stranger(no), requester })
    const numbers = Array.from({ length: SENDS_MAX }, (_, no) => no)
    const full = begun.after(...numbers.map((no) => by('a stranger', no)))
    full.when(by('a stranger', 99)).gives(refusal('CODES_TOO_MANY'))
    const owner = { ...beginRegistration({ meta: meta('cmd_owner'), codeId: 'cod_owner' }), requester: 'the owner' }
    const served = full.when(owner)
    expect(served.events[0]?.type).toMatch(/^Registration(Begun|Repeated)$/)
    // But a mailbox is not flooded from many networks either.
    const all = Array.from({ length: SENDS_OF_ALL_MAX }, (_, no) => by(`network ${no % 4}`, no))
    begun
      .after(...all.slice(begun === open ? 1 : 0))
      .when(owner)
      .gives(refusal('CODES_TOO_MANY'))
  })
})

test('a log from before registrations were confirmed gives the same accounts again', () => {
  const { codeId: _id, codeHash: _hash, type: _type, ...said } = beginRegistration()
  const atOnce = {
    ...({ ...said, type: 'RegisterConsumer', sessionId: 'ses_0', sessionTokenHash: 'hash of ses_0' } as const),
    ...{ sessionExpiresAt: T0 + HOUR, refreshHash: 'hash of ref_0', refreshExpiresAt: T0 + 240 * HOUR, device: null },
  }
  nobody
    .when(atOnce)
    .gives(
      { type: 'ConsumerRegistered', email: 'lena@example.com' },
      { type: 'PasswordKept', passwordHash: '$argon2id$1' },
      { type: 'SessionStarted', sessionId: 'ses_0' },
      { type: 'SessionKept', session: { tokenHash: 'hash of ses_0' } },
    )
  open.when(atOnce).gives(refusal('CONSUMER_EXISTS'))
  nobody.when({ ...atOnce, dateOfBirth: '2010-01-01' }).gives(refusal('CONSUMER_UNDERAGE'))
})
