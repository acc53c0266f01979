import type { ProviderUrls, Sandboxes, SandboxOptions } from '#connectors/sandbox-servers.ts'
import { startSandboxThread } from '#connectors/sandbox-thread.ts'
import type { Closers } from './closers.ts'
import type { Peers } from './cluster/peers.ts'
import type { Settings } from './settings.ts'
import { StartError } from './start-error.ts'

/** Where the outside is: the sandbox's address wherever no real provider is set. */
export type Providers = {
  readonly urls: ProviderUrls
  /** What the sandboxes sent: GET `<outbox>/mail`, `/sms`, `/push`; null where no sandbox runs. */
  readonly outbox: string | null
  /** True where nothing real is outside, so that anybody may read what was sent. */
  readonly isSandboxOnly: boolean
  /** True where cards are tokenised by the sandbox gateway. */
  readonly isSandboxGateway: boolean
}

/** The setting of each provider. */
const SETTING = {
  identity: 'IDENTITY_URL',
  business: 'BUSINESS_URL',
  bureau: 'BUREAU_URL',
  bureau2: 'BUREAU_2_URL',
  gateway: 'GATEWAY_URL',
  gateway2: 'GATEWAY_2_URL',
  smtp: 'SMTP_URL',
  sms: 'SMS_URL',
  push: 'PUSH_URL',
  smtp2: 'SMTP_2_URL',
  sms2: 'SMS_2_URL',
  push2: 'PUSH_2_URL',
} as const satisfies Record<keyof ProviderUrls, keyof Settings>

/** A second provider is a sandbox only beside another sandbox: nobody's real mail or money goes nowhere. */
const SECOND_OF: Readonly<Partial<Record<Provider, Provider>>> = {
  ...{ bureau2: 'bureau', gateway2: 'gateway', smtp2: 'smtp', sms2: 'sms', push2: 'push' },
}

type Provider = keyof typeof SETTING

/** Whether charges can go to a second gateway: the sandbox has one, a real one has its own setting. */
export function hasSecondGateway({ GATEWAY_URL, GATEWAY_2_URL }: Settings): boolean {
  return GATEWAY_URL === null || GATEWAY_2_URL !== null
}

/**
 * Starts the sandboxes of all providers that have no URL in the settings.
 * @throws StartError SANDBOX_ELSEWHERE where another process has them: two gateways know nothing of each other's cards;
 * GATEWAYS_MIXED where only the second gateway is real
 */
export async function openProviders(
  settings: Settings,
  sandbox: SandboxOptions,
  peers: Peers,
  closers: Closers,
): Promise<Providers> {
  assertNotMixed(settings)
  const names = Object.keys(SETTING) as Provider[]
  const isSet = (name: Provider) => settings[SETTING[name]] !== null
  const missing = names.filter((name) => !isSet(name) && !isSet(SECOND_OF[name] ?? name))
  const real = Object.fromEntries(
    names.flatMap((name) => (settings[SETTING[name]] === null ? [] : [[name, settings[SETTING[name]]]])),
  ) as Partial<ProviderUrls>
  if (missing.length === 0)
    return { urls: real as ProviderUrls, outbox: null, isSandboxOnly: false, isSandboxGateway: false }
  assertNoneElsewhere(missing, peers)
  const sandboxes = await startSandboxes(sandbox, closers)
  const isSandboxGateway = missing.includes('gateway')
  const sandboxed = Object.fromEntries(missing.map((name) => [name, sandboxes.urls[name]]))
  return {
    urls: { ...sandboxed, ...real } as ProviderUrls,
    outbox: sandboxes.outbox,
    isSandboxOnly: Object.keys(real).length === 0,
    isSandboxGateway,
  }
}

/** What other processes are told of the sandboxes that run here; null where none does. */
export function announced({ urls, outbox, isSandboxOnly }: Providers): Readonly<Record<string, string>> | null {
  return outbox === null ? null : { ...urls, ...(isSandboxOnly ? { outbox } : {}) }
}

/** Cards are tokenised by one of the gateways, and the other must know its tokens. */
function assertNotMixed({ GATEWAY_URL, GATEWAY_2_URL }: Settings): void {
  if (GATEWAY_URL !== null || GATEWAY_2_URL === null) return
  throw new StartError(
    'GATEWAYS_MIXED',
    'GATEWAY_2_URL is set and GATEWAY_URL is not: a real gateway does not know the cards of the sandbox. Set both.',
  )
}

function assertNoneElsewhere(missing: readonly Provider[], peers: Peers): void {
  const other = peers.all().find(({ sandboxes }) => sandboxes !== null)
  if (other === undefined) return
  const urls = missing.map((name) => `${SETTING[name]}=${other.sandboxes?.[name] ?? '…'}`)
  throw new StartError(
    'SANDBOX_ELSEWHERE',
    `The process ${other.id} runs the sandboxes of the providers already. So that both use the same, set here: ` +
      urls.join(' '),
  )
}

async function startSandboxes(options: SandboxOptions, closers: Closers): Promise<Sandboxes> {
  const sandboxes = await startSandboxThread(options)
  closers.add('the sandbox providers', sandboxes.close)
  return sandboxes
}
