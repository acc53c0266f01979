import { expect, test } from 'vitest'
import { repeatedKeys } from './repeated-keys.ts'

test.each([
  ['none', '{"a": 1, "b": {"a": 1, "c": ["a", "a", {"a": 1}, {"a": 1}]}}', []],
  ['one', '{"a": 1, "b": 2, "a": 3}', ['a']],
  ['one deep inside', '{"b": [{"x": {"a": 1, "a": 1}}]}', ['b[].x.a']],
  ['one with its object', '{"b": {"c": {}}, "b": {"c": {}}}', ['b']],
  ['one that is spelt otherwise', '{"a": 1, "\\u0061": 2}', ['a']],
  ['what only looks like one', '{"a": "\\"a\\": 1, {", "b": "a:"}', []],
  ['a list of lists', '[[{"a": 1}], {"a": 1, "a": 1}]', ['[].a']],
])('finds %s', (_what, text, keys) => {
  expect(repeatedKeys(text)).toEqual(keys)
})
