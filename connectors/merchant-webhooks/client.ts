import { type LookupAddress, lookup as lookUpName } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { addressProblem, isPrivateAddress } from '#domain/private-address.ts'
import { ProviderRefused, ProviderUnavailable } from '../runtime/provider-error.ts'

/** What is posted. */
export type Post = {
  readonly url: string
  readonly body: string
  readonly headers: Readonly<Record<string, string>>
}

/** Posts to addresses that strangers have given us. */
export class WebhookClient {
  readonly #isPrivateAllowed: boolean

  /** `isPrivateAllowed`: also to our own network, and without TLS; for a sandbox only. */
  constructor(isPrivateAllowed: boolean) {
    this.#isPrivateAllowed = isPrivateAllowed
  }

  /**
   * Posts and answers the status. A redirect is not followed: it could lead anywhere.
   * @throws ProviderUnavailable where nobody answers; ProviderRefused where the address must not be called
   */
  post({ url, body, headers }: Post, signal: AbortSignal): Promise<number> {
    const problem = addressProblem(url, this.#isPrivateAllowed)
    if (problem !== null) return Promise.reject(new ProviderRefused('address_refused', `The address ${problem}.`))
    const target = new URL(url)
    const send = target.protocol === 'https:' ? requestHttps : requestHttp
    return new Promise((resolve, reject) => {
      const options = { method: 'POST', headers: { ...headers, 'content-length': Buffer.byteLength(body) }, signal }
      const guard = this.#isPrivateAllowed ? {} : { lookup: publicLookup }
      const request = send(target, { ...options, ...guard, agent: false }, (response) => {
        response.resume()
        resolve(response.statusCode ?? 0)
      })
      request.once('error', (error: NodeJS.ErrnoException) => {
        if (error instanceof ProviderRefused) reject(error)
        else reject(new ProviderUnavailable(error.code ?? error.message, true, { cause: error }))
      })
      request.end(body)
    })
  }
}

/** The look-up whose answer is called: checking a name beforehand would leave time to change where it leads. */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookUpName(hostname, { ...options, all: true }, (error, addresses: LookupAddress[]) => {
    if (error !== null) return callback(error, [])
    const found = addresses.find(({ address }) => isPrivateAddress(address))
    if (found !== undefined || addresses[0] === undefined) {
      return callback(new ProviderRefused('address_refused', `${hostname} leads into a private network.`), [])
    }
    if (options.all === true) return callback(null, addresses)
    return callback(null, addresses[0].address, addresses[0].family)
  })
}
