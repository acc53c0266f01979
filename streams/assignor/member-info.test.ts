import { expect, test } from 'vitest'
import { decodeAssignmentInfo, encodeAssignmentInfo, NO_INFO } from './assignment-info.ts'
import { decodeMemberInfo, encodeMemberInfo, UNKNOWN_MEMBER } from './member-info.ts'

const VERSION = Buffer.of(1)
const tagged = (text: string) => Buffer.concat([VERSION, Buffer.from(text)])
const STRANGE = [null, '', '{}', tagged(''), tagged('{'), tagged('null'), tagged('7'), Buffer.of(2, 123, 125)].map(
  (bytes) => (typeof bytes === 'string' ? Buffer.from(bytes) : bytes),
)

test('carries what a member says of itself', () => {
  const info = {
    address: '127.0.0.1:9',
    lags: new Map([
      ['main.0', { lag: 0, isHeld: true }],
      ['main.1', { lag: 70_000, isHeld: false }],
    ]),
    standbys: ['main.0'],
    promised: ['main.0', 'main.1'],
  }
  expect(decodeMemberInfo(encodeMemberInfo(info))).toEqual(info)
})

test('carries what the assignor says', () => {
  const info = {
    active: ['main.0', 'main.3'],
    standbys: ['main.1', 'main.2'],
    warmUps: ['main.2'],
    holders: [{ address: 'a:1', active: ['main.1'], standbys: [] }],
  }
  expect(decodeAssignmentInfo(encodeAssignmentInfo(info))).toEqual(info)
})

test('takes what it cannot read for nothing said, and leaves out what makes no sense', () => {
  for (const bytes of STRANGE) {
    expect(decodeMemberInfo(bytes)).toEqual(UNKNOWN_MEMBER)
    expect(decodeAssignmentInfo(bytes)).toEqual(NO_INFO)
  }
  const odd = decodeMemberInfo(tagged('{"address":1,"lags":[["a",-1,1],["b"],7,["c",2,1]],"standbys":[1,"d"],"new":0}'))
  expect(odd).toEqual({
    address: null,
    lags: new Map([['c', { lag: 2, isHeld: true }]]),
    standbys: ['d'],
    promised: [],
  })
  expect(decodeAssignmentInfo(tagged('{"standbys":7,"holders":[null,{"address":2},{"address":"a:1"}]}'))).toEqual({
    ...{ active: [], standbys: [], warmUps: [] },
    holders: [{ address: 'a:1', active: [], standbys: [] }],
  })
})
