import { join } from 'node:path'
import type { ProviderUrls, Sandboxes } from '#connectors/sandbox-servers.ts'
import { startSandboxThread } from '#connectors/sandbox-thread.ts'
import type { Closers } from './closers.ts'
import type { Settings } from './settings.ts'

/** Where the outside is: the sandbox's address wherever no real provider is set. */
export type Providers = {
  readonly urls: ProviderUrls
  /** What the sandboxes sent: GET `<outbox>/mail`, `/sms`, `/push`; null where no sandbox runs. */
  readonly outbox: string | null
  /** True where cards are tokenised by the sandbox gateway. */
  readonly isSandboxGateway: boolean
}

/** What the sandboxes need of the platform. */
export type SandboxSecrets = {
  readonly gatewaySecret: string
  readonly webhookSecret: string
  readonly webhookUrl: string
}

/** Starts the sandboxes of all providers that have no URL in the settings. */
export async function openProviders(settings: Settings, secrets: SandboxSecrets, closers: Closers): Promise<Providers> {
  const given = {
    identity: settings.IDENTITY_URL,
    bureau: settings.BUREAU_URL,
    gateway: settings.GATEWAY_URL,
    smtp: settings.SMTP_URL,
    sms: settings.SMS_URL,
    push: settings.PUSH_URL,
  }
  const real = Object.fromEntries(Object.entries(given).filter(([, url]) => url !== null)) as Partial<ProviderUrls>
  const missing = Object.keys(given).length - Object.keys(real).length
  if (missing === 0) return { urls: real as ProviderUrls, outbox: null, isSandboxGateway: false }
  const sandboxes = await startSandboxes(settings, secrets, closers)
  return { urls: { ...sandboxes.urls, ...real }, outbox: sandboxes.outbox, isSandboxGateway: given.gateway === null }
}

async function startSandboxes(settings: Settings, secrets: SandboxSecrets, closers: Closers): Promise<Sandboxes> {
  const sandboxes = await startSandboxThread({
    directory: join(settings.DATA_DIR, 'sandbox'),
    gatewaySecret: secrets.gatewaySecret,
    webhook: { url: secrets.webhookUrl, secret: secrets.webhookSecret },
  })
  closers.add('the sandbox providers', sandboxes.close)
  return sandboxes
}
