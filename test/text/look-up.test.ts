import { expect, it } from 'vitest'
import { lookUp } from '../../src/text/look-up.ts'

it('finds what the table has itself, and nothing that every object has', () => {
  const table = { a: 1, constructor: 2 }
  expect(['a', 'constructor', 'toString', '__proto__', 'b'].map((name) => lookUp(table, name))).toEqual([
    1,
    2,
    undefined,
    undefined,
    undefined,
  ])
})
