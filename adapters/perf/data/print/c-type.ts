// Types of C that print formats cast to.
import type { Token } from './tokens.ts'

export interface CType {
  /** 0: the value stays as it is. */
  readonly bits: number
  readonly isSigned: boolean
}

const WORDS: ReadonlyMap<string, CType> = new Map([
  ['bool', { bits: 8, isSigned: false }],
  ['size_t', { bits: 64, isSigned: false }],
  ['ssize_t', { bits: 64, isSigned: true }],
  ['loff_t', { bits: 64, isSigned: true }],
  ['pid_t', { bits: 32, isSigned: true }],
  ['gfp_t', { bits: 32, isSigned: false }],
  ['dev_t', { bits: 32, isSigned: false }],
  ['int8_t', { bits: 8, isSigned: true }],
])
/** Of these words a type consists, in any order. */
const PLAIN = ['const', 'volatile', 'unsigned', 'signed', 'char', 'short', 'int', 'long', 'void', '__force']

/**
 * The type that these words are, `(` and `)` not included; undefined: they are no type. `longBytes`: of the recorded
 * kernel.
 */
export function typeOf(tokens: readonly Token[], longBytes: number): CType | undefined {
  const words = tokens.map(({ text }) => text)
  const pointers = words.filter((word) => word === '*').length
  const names = words.filter((word) => word !== '*' && word !== 'const' && word !== '__user')
  const [first, second] = names
  if (first === undefined || tokens.some(({ kind, text }) => kind !== 'name' && text !== '*')) return undefined
  const isTagged = (first === 'struct' || first === 'union' || first === 'enum') && second !== undefined
  const known = isTagged ? { bits: first === 'enum' ? 32 : 0, isSigned: false } : plainType(names, longBytes)
  if (known === undefined) return undefined
  return pointers > 0 ? { bits: longBytes * 8, isSigned: false } : known
}

function plainType(names: readonly string[], longBytes: number): CType | undefined {
  const [only = ''] = names
  if (names.length === 1) {
    const [, sign, bits] = /^(?:__)?([us]|be|le)(8|16|32|64)$/.exec(only) ?? []
    if (bits !== undefined) return { bits: Number(bits), isSigned: sign === 's' }
    const known = WORDS.get(only)
    if (known !== undefined) return known
    if (only.endsWith('_t')) return { bits: 0, isSigned: false }
  }
  if (!names.every((name) => PLAIN.includes(name))) return undefined
  const longs = names.filter((name) => name === 'long').length
  const bits =
    longs > 1 ? 64 : longs === 1 ? longBytes * 8 : names.includes('short') ? 16 : names.includes('char') ? 8 : 32
  return { bits: names.includes('void') ? 0 : bits, isSigned: !names.includes('unsigned') }
}

export function castTo(value: bigint, { bits, isSigned }: CType): bigint {
  if (bits === 0) return value
  return isSigned ? BigInt.asIntN(bits, value) : BigInt.asUintN(bits, value)
}
