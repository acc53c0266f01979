import { expect, test } from 'vitest'
import { OperatorClient } from './operator-client.ts'
import { publishModel, publishPolicy } from './publish.ts'

/** Nobody answers there: what is asked of it fails. */
const nobody = new OperatorClient('http://127.0.0.1:1', 'token')

test.each([
  ['a policy', (text: string) => publishPolicy(nobody, text, undefined)],
  ['a model', (text: string) => publishModel(nobody, text)],
])('%s in which a key stands twice is not sent', async (_what, publish) => {
  expect(await publish('{"version": "p9", "bands": [], "bands": []}')).toEqual({
    published: null,
    problems: [
      { code: 'POLICY_NAME_TWICE', text: 'the key bands stands there twice, and only the last one would count' },
    ],
    text: 'Nothing was published.',
  })
  await expect(publish('{"version": "p9", "bands": []}')).rejects.toMatchObject({ code: 'PLATFORM_UNREACHABLE' })
})
