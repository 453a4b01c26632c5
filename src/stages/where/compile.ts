// The meaning of expressions. A missing member is `undefined`, and so is all that is computed from it. A comparison
// with `undefined` is false, and only `true` counts as true. So a missing member throws nothing. An evaluation
// allocates only what the expression itself makes.

import { fieldOf } from '../../event/field-names.ts'
import { type FieldType, fields } from '../../event/generated/fields.ts'
import { EventRecord } from '../../event/record.ts'
import { lookUp } from '../../text/look-up.ts'
import { BudgetSpent, refill } from './budget.ts'
import { childrenOf, ExpressionError, noField, parseExpression, type SyntaxNode } from './expression.ts'
import { callOf, METHODS } from './functions.ts'
import { MACROS, type Macro, macroTerm, type Variable } from './macros.ts'
import { keyOfMember, memberOf } from './members.ts'
import { binary, type CompiledTerm, choice, constant, minus, negation, truth } from './operators.ts'
import { type CelValue, isList, isObject } from './value.ts'

/**
 * Compiles an expression. Throws ExpressionError, also when the expression costs too much for any record. The result
 * throws BudgetSpent when it costs too much for a record.
 */
export function compileExpression(text: string): (record: EventRecord) => boolean {
  const { evaluate } = new Compiler(text).compile(parseExpression(text))
  const test = (record: EventRecord): boolean => {
    refill()
    return evaluate(record) === true
  }
  try {
    test(new EventRecord('drop'))
  } catch (error) {
    if (error instanceof BudgetSpent) throw new ExpressionError(0, error.message)
    throw error
  }
  return test
}

class Compiler {
  private readonly text: string
  private readonly variables = new Map<string, Variable>()

  constructor(text: string) {
    this.text = text
  }

  compile(node: SyntaxNode): CompiledTerm {
    switch (node.op) {
      case 'value':
        return this.literal(node.args, node.start)
      case 'id':
        return this.name(node.args, node.start)
      case '.':
        return this.member(node.args[0], node.args[1], node.pos)
      case '[]':
        return this.index(node.args[0], node.args[1])
      case 'list':
        return this.list(node.args)
      case '!_':
        return negation(this.compile(node.args))
      case '-_':
        return minus(this.compile(node.args))
      case '?:': {
        const [condition, yes, no] = node.args
        return choice(this.compile(condition), this.compile(yes), this.compile(no))
      }
      case '&&':
      case '||':
      case '==':
      case '!=':
      case '<':
      case '<=':
      case '>':
      case '>=':
      case 'in':
      case '+':
      case '-':
      case '*':
      case '/':
      case '%':
        return binary(node.op, this.compile(node.args[0]), this.compile(node.args[1]))
      case 'call':
        return this.call(node.args[0], node.args[1], node.start)
      case 'rcall':
        return this.method(node.args[0], node.args[1], node.args[2], node.start)
      default:
        throw notOffered(node.start, `"${this.text.slice(node.start, node.end)}"`)
    }
  }

  private literal(value: unknown, at: number): CompiledTerm {
    if (typeof value === 'string') return constant('string', value)
    if (typeof value === 'boolean') return constant('bool', value)
    if (typeof value === 'number') return constant('double', value)
    if (typeof value !== 'bigint') throw notOffered(at, 'this literal')
    const number = Number(value)
    return constant('int', Number.isSafeInteger(number) ? number : value)
  }

  private name(name: string, at: number): CompiledTerm {
    const variable = this.variables.get(name)
    if (variable !== undefined) return { type: variable.type, evaluate: () => variable.value }
    const evaluate = memberOf(name)
    const type = lookUp(fields, name)
    if (evaluate !== undefined && type !== undefined) return { type, evaluate }
    // In CEL the name of a type is a value.
    throw /^(?:bool|bytes|cel|double|google|int|list|map|null_type|string|type|uint)$/.test(name)
      ? notOffered(at, `"${name}"`)
      : noField(this.text, at)
  }

  /** `section.key` or `map.key`; `at` is the offset of the key. */
  private member(of: SyntaxNode, key: string, at: number): CompiledTerm {
    if (of.op === 'id' && !this.variables.has(of.args)) {
      const evaluate = keyOfMember(of.args, key)
      if (evaluate !== undefined) return { type: this.typeOfKey(fields[of.args], key, at), evaluate }
    }
    const { type, evaluate } = this.compile(of)
    return {
      type: this.typeOfKey(type, key, at),
      evaluate: (record) => keyIn(evaluate(record), key),
    }
  }

  private typeOfKey(type: FieldType | undefined, key: string, at: number): FieldType {
    if (type === 'dyn') return type
    if (typeof type === 'object' && 'map' in type) return type.map
    const field = fieldOf(type, key)
    if (field === undefined) throw noField(this.text, at)
    return field
  }

  private index(of: SyntaxNode, index: SyntaxNode): CompiledTerm {
    const { constant: key, evaluate } = this.compile(index)
    if (typeof key === 'string') return this.member(of, key, index.start)
    const whole = this.compile(of)
    return {
      type: elementType(whole.type),
      evaluate: (record) => elementAt(whole.evaluate(record), evaluate(record)),
    }
  }

  private list(nodes: readonly SyntaxNode[]): CompiledTerm {
    const items = nodes.map((node) => this.compile(node))
    const type: FieldType = { list: items[0]?.type ?? 'dyn' }
    const values = items.flatMap((item) => (item.constant === undefined ? [] : [item.constant]))
    if (values.length === items.length) return constant(type, values)
    return {
      type,
      evaluate: (record) => items.map(({ evaluate }) => evaluate(record)).filter((value) => value !== undefined),
    }
  }

  private call(name: string, args: readonly SyntaxNode[], at: number): CompiledTerm {
    const [first, ...rest] = args
    if (first === undefined || rest.length > 0) throw notOffered(at, `${name}()`)
    if (name === 'has') return this.has(first)
    const argument = this.compile(first)
    const callable = callOf(name, argument.type)
    if (callable === undefined) throw notOffered(at, `${name}()`)
    const { type, compute } = callable
    const { evaluate } = argument
    return { type, evaluate: (record) => compute(evaluate(record), undefined) }
  }

  private has(node: SyntaxNode): CompiledTerm {
    if (node.op !== 'id' && node.op !== '.' && node.op !== '[]')
      throw new ExpressionError(node.start, 'has() takes a member', 'such as has(skb.len)')
    const { evaluate } = this.compile(node)
    return truth((record) => evaluate(record) !== undefined)
  }

  private method(name: string, of: SyntaxNode, args: readonly SyntaxNode[], at: number): CompiledTerm {
    const macro = MACROS.find((one) => one === name)
    if (macro !== undefined && args.length === 2) return this.macro(macro, of, args)
    const receiver = this.compile(of)
    const [first, ...rest] = args
    if (name === 'size' && first === undefined) return this.call(name, [of], at)
    const method = lookUp(METHODS, name)
    if (method === undefined || rest.length > 0) throw notOffered(at, `${name}()`)
    const argument = first === undefined ? undefined : this.compile(first)
    const compute = method.prepare(argument?.constant, first, this.text)
    const { evaluate } = receiver
    if (argument === undefined) return { type: method.type, evaluate: (record) => compute(evaluate(record), undefined) }
    return { type: method.type, evaluate: (record) => compute(evaluate(record), argument.evaluate(record)) }
  }

  private macro(macro: Macro, of: SyntaxNode, [variableNode, bodyNode]: readonly SyntaxNode[]): CompiledTerm {
    const whole = this.compile(of)
    if (variableNode?.op !== 'id' || bodyNode === undefined) throw notOffered(of.start, `this ${macro}()`)
    const name = variableNode.args
    const variable: Variable = { type: elementType(whole.type), value: undefined }
    const hidden = this.variables.get(name)
    this.variables.set(name, variable)
    const body = this.compile(bodyNode)
    if (hidden === undefined) this.variables.delete(name)
    else this.variables.set(name, hidden)
    return macroTerm(macro, whole, variable, body, nodesIn(bodyNode))
  }
}

function notOffered(at: number, what: string): ExpressionError {
  return new ExpressionError(at, `${what} is not offered`, 'docs/filter.md lists what is')
}

/** How many nodes a term has. */
function nodesIn(node: SyntaxNode): number {
  return childrenOf(node).reduce((sum, child) => sum + nodesIn(child), 1)
}

function keyIn(whole: CelValue | undefined, key: string): CelValue | undefined {
  return isObject(whole) && Object.hasOwn(whole, key) ? whole[key] : undefined
}

function elementAt(whole: CelValue | undefined, index: CelValue | undefined): CelValue | undefined {
  if (typeof index === 'string') return keyIn(whole, index)
  return isList(whole) && typeof index === 'number' ? whole[index] : undefined
}

function elementType(type: FieldType): FieldType {
  return typeof type === 'object' && 'list' in type ? type.list : 'dyn'
}
