import type { ProviderCalls } from '../runtime/provider-calls.ts'
import { ProviderRoute } from '../runtime/provider-route.ts'

/** A provider of notices: where it is, and how patient calls to it are. */
export type NoticeProvider = {
  /** As it stands in events, e.g. `sms-1`. */
  readonly name: string
  readonly url: string
  readonly calls: ProviderCalls
}

/** The route over providers, each with a client of its own, and how to close them. */
export function noticeRoute<Client extends { close(): void }>(
  providers: readonly NoticeProvider[],
  open: (url: string) => Client,
  hasKeys: boolean,
): { readonly route: ProviderRoute<Client>; close(): void } {
  const routed = providers.map(({ name, url, calls }) => ({ name, calls, hasKeys, client: open(url) }))
  return {
    route: new ProviderRoute(routed),
    close: () => {
      for (const { client } of routed) client.close()
    },
  }
}
