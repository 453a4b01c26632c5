import fc from 'fast-check'
import { expect, it } from 'vitest'
import { trimmed, trimmedEnd } from '../../src/text/blank.ts'

it('leaves the last byte of an à in its place', () => {
  expect([trimmed(' voil\xc3\xa0 \t'), trimmedEnd(' voil\xc3\xa0\r')]).toEqual(['voil\xc3\xa0', ' voil\xc3\xa0'])
  expect([trimmed(' \t'), trimmedEnd('  '), trimmed('')]).toEqual(['', '', ''])
})

it('is trim and trimEnd of ASCII', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      expect([trimmed(text), trimmedEnd(text)]).toEqual([text.trim(), text.trimEnd()])
    }),
  )
})
