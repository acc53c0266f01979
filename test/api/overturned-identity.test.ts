/** An identity that was approved and is overturned stops new purchases at once, and only for as long as it is. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { checkResult } from '#connectors/identity/mapping.ts'
import type { IdentityCheckRequested } from '#schemas'
import { partitionFor } from '#streams'
import { type ApiUnderTest, openApiUnderTest } from './api-under-test.ts'
import { everythingPasses } from './scripted-providers.ts'
import { confirm, offer, openShop, openWallet } from './shop-floor.ts'

type Word = Pick<Parameters<typeof checkResult>[1], 'status' | 'final'>

let under: ApiUnderTest

beforeAll(async () => {
  under = await openApiUnderTest({ outcomeTimeoutMs: 2_000 })
})
afterAll(() => under.close())

test('each word of the provider holds for the next purchase, in whatever direction it overturns', async () => {
  const { app, log, schemas } = under
  let asked: IdentityCheckRequested | null = null
  under.providers.script.identity = (request) => {
    asked = request
    return { id: request.checkId, status: 'approved', final: false, reasons: [], version: 1 }
  }
  const shop = await openShop(app)
  const shopper = await openWallet(app)
  Object.assign(under.providers.script, everythingPasses)
  const { identityResults: topic } = schemas.topics
  let version = 1
  const says = async (word: Word) => {
    if (asked === null) throw new Error('The provider was not asked.')
    version += 1
    const report = checkResult(asked, { id: 'idc', reasons: [], version, ...word })
    const key = Buffer.from(report.consumerId)
    const partition = partitionFor(key, log.partitionCount(topic.name))
    await log.append([{ topic: topic.name, partition, timestampMs: 0, key, value: topic.value.serialize(report) }])
    expect(await under.settle()).toBe(true)
  }
  const buys = async () => {
    const { body } = await confirm(app, shopper, await offer(app, shop, { amountMinor: 1_000 }), {
      product: 'PAY_IN_30',
    })
    return [body.status, ...body.reasons.map(({ code }) => code)]
  }
  expect(await buys()).toEqual(['AUTHORISED'])
  await says({ status: 'needs_review', final: false })
  expect(await buys()).toEqual(['DECLINED', 'KYC_IN_REVIEW'])
  await says({ status: 'approved', final: false })
  expect(await buys()).toEqual(['AUTHORISED'])
  await says({ status: 'declined', final: false })
  expect(await buys()).toEqual(['DECLINED', 'KYC_REQUIRED'])
  await says({ status: 'approved', final: true })
  expect(await buys()).toEqual(['AUTHORISED'])
  // After the final word nothing moves it.
  await says({ status: 'declined', final: true })
  expect(await buys()).toEqual(['AUTHORISED'])
}, 30_000)
