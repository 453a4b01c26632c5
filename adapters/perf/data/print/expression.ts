// Expressions of a print format, compiled to functions of a sample's raw data.
import type { FormatField } from '../format-text.ts'
import { RawData } from '../raw-data.ts'
import { type CType, typeOf } from './c-type.ts'
import { arrayText, flagNames, hexBytes, symbolic, type TableEntry } from './calls.ts'
import { bytesOf, castOf, fieldOf, isTrue, lengthOf, numberIn, operation, refuseUnknown, UNKNOWN } from './nodes.ts'
import { levelOf } from './operators.ts'
import { type Token, UnknownFormat } from './tokens.ts'
import { clipped, integerOf, type PrintExpression } from './value.ts'

const DEEPEST = 64
/** Far more than the formats of Linux have beside their tables. */
const MOST_NODES = 4096
const LONGEST_TYPE = 6
const NO_DATA = new RawData(8)

/** Reads the expressions of one format, one after the other. Throws UnknownFormat for what it does not know. */
export class ExpressionReader {
  private readonly tokens: readonly Token[]
  private readonly fields: ReadonlyMap<string, FormatField>
  readonly longBytes: number
  private at: number
  private depth = 0
  private nodes = 0
  /** Names and fields so far: they are no constants. */
  private unknown = 0

  constructor(tokens: readonly Token[], at: number, fields: ReadonlyMap<string, FormatField>, longBytes: number) {
    this.tokens = tokens
    this.at = at
    this.fields = fields
    this.longBytes = longBytes
  }

  get isAtEnd(): boolean {
    return this.at >= this.tokens.length
  }

  /** The expression up to the next `,` or `)`. */
  expression(): PrintExpression {
    if (++this.depth > DEEPEST || ++this.nodes > MOST_NODES) throw new UnknownFormat('deeper than any format of Linux')
    const condition = this.binary(0)
    let result = condition
    if (this.takes('?')) {
      const yes = this.expression()
      this.need(':')
      const no = this.expression()
      for (const one of [condition, yes, no]) refuseUnknown(one)
      result = { evaluate: (raw) => (isTrue(condition.evaluate(raw)) ? yes : no).evaluate(raw) }
    }
    this.depth--
    return result
  }

  need(sign: string): void {
    if (!this.takes(sign)) throw new UnknownFormat(`no ${sign} where one must stand`)
  }

  private takes(sign: string): boolean {
    const token = this.tokens[this.at]
    if (token?.kind !== 'sign' || token.text !== sign) return false
    this.at++
    return true
  }

  private binary(level: number): PrintExpression {
    let left = this.unary()
    for (;;) {
      const token = this.tokens[this.at]
      const found = token?.kind === 'sign' ? levelOf(token.text) : undefined
      if (token === undefined || found === undefined || found < level) return left
      this.at++
      if (++this.nodes > MOST_NODES) throw new UnknownFormat('longer than any format of Linux')
      left = operation(token.text, left, this.binary(found + 1))
    }
  }

  private unary(): PrintExpression {
    if (++this.depth > DEEPEST) throw new UnknownFormat('deeper than any format of Linux')
    const result = this.prefixed()
    this.depth--
    return result
  }

  private prefixed(): PrintExpression {
    const sign = this.tokens[this.at]
    if (sign?.kind !== 'sign') return this.primary()
    if (sign.text === '(') {
      const type = this.cast()
      return type === undefined ? this.primary() : castOf(this.unary(), type)
    }
    this.at++
    if (sign.text === '&') return bytesOf(this.unary())
    const operand = this.unary()
    refuseUnknown(operand)
    switch (sign.text) {
      case '-':
        return { evaluate: (raw) => clipped(-integerOf(operand.evaluate(raw), raw)) }
      case '+':
        return operand
      case '~':
        return { evaluate: (raw) => ~integerOf(operand.evaluate(raw), raw) }
      case '!':
        return { evaluate: (raw) => (isTrue(operand.evaluate(raw)) ? 0n : 1n) }
      default:
        throw new UnknownFormat(`${sign.text} before a value`)
    }
  }

  /** The type of `(type)` at this place. Undefined, and nothing is taken: something else stands there. */
  private cast(): CType | undefined {
    const end = this.tokens.findIndex(({ text }, at) => at > this.at && at <= this.at + LONGEST_TYPE && text === ')')
    const type = end < 0 ? undefined : typeOf(this.tokens.slice(this.at + 1, end), this.longBytes)
    if (type !== undefined) this.at = end + 1
    return type
  }

  private primary(): PrintExpression {
    const token = this.tokens[this.at++]
    switch (token?.kind) {
      case 'number': {
        const value = numberIn(token.text)
        return { evaluate: () => value }
      }
      case 'text': {
        const text = token.text + this.textsAfter()
        return { evaluate: () => text }
      }
      case 'name':
        return this.named(token.text)
      default: {
        if (token?.text !== '(') throw new UnknownFormat('no value where one must stand')
        const inner = this.expression()
        this.need(')')
        return inner
      }
    }
  }

  private textsAfter(): string {
    let text = ''
    for (let token = this.tokens[this.at]; token?.kind === 'text'; token = this.tokens[++this.at]) text += token.text
    return text
  }

  private named(name: string): PrintExpression {
    if (name === 'REC') {
      this.need('->')
      return this.element(this.field())
    }
    if (this.takes('(')) {
      const result = this.call(name)
      this.need(')')
      return result
    }
    if (name === 'true') return { evaluate: () => 1n }
    if (name === 'false' || name === 'NULL') return { evaluate: () => 0n }
    this.unknown++
    return UNKNOWN
  }

  private field(): FormatField {
    this.unknown++
    const token = this.tokens[this.at++]
    const field = token === undefined ? undefined : this.fields.get(token.text)
    if (field === undefined) throw new UnknownFormat(`no field ${token?.text}`)
    return field
  }

  private element(field: FormatField): PrintExpression {
    if (!this.takes('[')) return fieldOf(field)
    const index = this.expression()
    this.need(']')
    const { elementSize: size } = field
    const isSigned = field.isSigned && !/\bunsigned\b|\bu\d/.test(field.type)
    return {
      evaluate: (raw) => {
        const { start, end } = raw.span(field)
        const at = start + Number(BigInt.asUintN(32, integerOf(index.evaluate(raw), raw))) * size
        return at + size <= end ? raw.bigintAt(at, size, isSigned) : 0n
      },
    }
  }

  private call(name: string): PrintExpression {
    switch (name) {
      case '__get_str':
      case '__get_rel_str':
      case '__get_dynamic_array':
      case '__get_rel_dynamic_array':
      case '__get_sockaddr':
      case '__get_rel_sockaddr':
        return fieldOf(this.field())
      case '__get_dynamic_array_len':
      case '__get_rel_dynamic_array_len': {
        const field = this.field()
        return { evaluate: (raw) => lengthOf(raw.span(field)) }
      }
      case '__print_symbolic':
      case '__print_symbolic_u64':
        return symbolic(this.expression(), this.entries())
      case '__print_flags':
      case '__print_flags_u64': {
        const value = this.expression()
        this.need(',')
        const separator = this.text()
        return flagNames(value, separator, this.entries())
      }
      case '__print_hex':
        return hexBytes(this.expression(), this.next(), ' ')
      case '__print_hex_str':
        return hexBytes(this.expression(), this.next(), '')
      case '__print_array':
        return arrayText(this.expression(), this.next(), this.next())
      case 'sizeof':
        return this.size()
      default:
        throw new UnknownFormat(`a helper ${name}`)
    }
  }

  private next(): PrintExpression {
    this.need(',')
    return this.expression()
  }

  private text(): string {
    const token = this.tokens[this.at++]
    if (token?.kind !== 'text') throw new UnknownFormat('no text where one must stand')
    return token.text + this.textsAfter()
  }

  /** `, { 2, "NOT_SPECIFIED" }, …`. An entry whose number is a name that nobody knows matches nothing. */
  private entries(): readonly TableEntry[] {
    const entries: TableEntry[] = []
    while (this.takes(',')) {
      if (!this.takes('{')) break
      const { nodes, unknown } = this
      const { evaluate } = this.expression()
      const value = this.unknown === unknown ? evaluate(NO_DATA) : undefined
      this.nodes = nodes
      this.need(',')
      const name = this.text()
      this.need('}')
      if (typeof value === 'bigint') entries.push({ value, name })
    }
    return entries
  }

  private size(): PrintExpression {
    const end = this.tokens.findIndex(({ text }, at) => at >= this.at && text === ')')
    const type = end < 0 ? undefined : typeOf(this.tokens.slice(this.at, end), this.longBytes)
    if (type === undefined || type.bits === 0) throw new UnknownFormat('the size of an unknown type')
    this.at = end
    const bytes = BigInt(type.bits / 8)
    return { evaluate: () => bytes }
  }
}
