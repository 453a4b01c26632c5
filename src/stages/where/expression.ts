// The grammar and the type rules of CEL: the parser and the checker of cel-js, with the fields of the event as
// variables. The meaning of expressions is in compile.ts, because cel-js throws at a missing member and reads numbers
// as doubles.
import { type ASTNode, TypeError as CelTypeError, Environment, ParseError } from '@marcbachmann/cel-js'
import { FIELD_PATHS, fieldOf } from '../../event/field-names.ts'
import { type FieldType, fields } from '../../event/generated/fields.ts'
import { nearest, nearestPaths } from '../../text/nearest.ts'
import { slipAt, unquoted } from './slips.ts'

/** A node of the syntax tree. `start` and `end` are offsets in the expression. */
export type SyntaxNode = ASTNode

/**
 * The deepest nesting of operators: the checker, the compiler and the compiled terms call themselves for each level.
 */
const DEEPEST = 1000
const LONGEST_LIST = 50_000

/** What is wrong with an expression, and at which offset in it. */
export class ExpressionError extends Error {
  readonly at: number
  readonly hint: string | undefined

  constructor(at: number, message: string, hint?: string) {
    super(message)
    this.at = at
    this.hint = hint
  }
}

/** The syntax tree of an expression. Throws ExpressionError when it is not well typed, or not true or false. */
export function parseExpression(text: string): SyntaxNode {
  if (text.trim() === '') throw new ExpressionError(0, 'the expression is empty')
  const environment = newEnvironment()
  let ast: SyntaxNode
  try {
    ast = environment.parse(text).ast
  } catch (error) {
    throw inOurWords(error, text)
  }
  if (isDeeperThan(DEEPEST, ast)) throw tooDeep(0)
  const { valid, type, error } = environment.check(withoutHas(text, ast))
  if (!valid) throw inOurWords(error, text)
  if (type !== 'bool' && type !== 'dyn')
    throw new ExpressionError(ast.start, `the expression gives ${type}`, 'it must be true or false for a record')
  return ast
}

function newEnvironment(): Environment {
  const environment = new Environment({
    homogeneousAggregateLiterals: false,
    limits: { maxListElements: LONGEST_LIST, maxAstNodes: 2 * LONGEST_LIST },
  })
  // In CEL a number of the schema is a double. `metric.value == 3` must work, although strict CEL refuses it.
  environment.registerOperator('int == double', (a: unknown, b: unknown) => a === b)
  for (const [name, type] of Object.entries(fields))
    environment.registerVariable(name, declare(environment, name, type))
  return environment
}

/** Declares a type and gives its name. The name of a section, a frame or a bucket is its path. */
function declare(environment: Environment, path: string, type: FieldType): string {
  if (typeof type === 'string') return type
  if ('list' in type) return `list<${declare(environment, path, type.list)}>`
  if ('map' in type) return `map<string, ${declare(environment, path, type.map)}>`
  const members = Object.entries(type.fields).map(([key, field]) => [
    key,
    declare(environment, `${path}.${key}`, field),
  ])
  environment.registerType(path, { fields: Object.fromEntries(members) })
  return path
}

/**
 * The expression with `true` in the place of each `has(…)`. cel-js accepts only dotted names in has(), and does not
 * check the last of them; compile.ts does.
 */
function withoutHas(text: string, ast: SyntaxNode): string {
  let rest = text
  for (const { start, end } of hasCalls(ast)) {
    rest = rest.slice(0, start) + 'true'.padEnd(end - start) + rest.slice(end)
  }
  return rest
}

function hasCalls(node: SyntaxNode): readonly SyntaxNode[] {
  if (node.op === 'call' && node.args[0] === 'has' && node.args[1].length === 1) return [node]
  return childrenOf(node).flatMap(hasCalls)
}

/** Counts level by level, because the tree may be too deep for a recursive function. */
function isDeeperThan(most: number, ast: SyntaxNode): boolean {
  let level: readonly SyntaxNode[] = [ast]
  for (let depth = 0; depth < most && level.length > 0; depth++) level = level.flatMap(childrenOf)
  return level.length > 0
}

/** The terms that a node consists of. */
export function childrenOf(node: SyntaxNode): readonly SyntaxNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return []
    case '.':
    case '.?':
      return [node.args[0]]
    case 'call':
      return node.args[1]
    case 'rcall':
      return [node.args[1], ...node.args[2]]
    case 'map':
      return node.args.flat()
    case '!_':
    case '-_':
      return [node.args]
    default:
      return node.args
  }
}

/** A parse error or type error of cel-js in our own words; any other error as it is. */
function inOurWords(error: unknown, text: string): unknown {
  if (error instanceof RangeError) return tooDeep(0)
  if (!(error instanceof ParseError) && !(error instanceof CelTypeError)) return error
  const at = Math.min(placeOf(error), text.length)
  if (error.code === 'unknown_variable' || error.code === 'no_such_key') return noField(text, at)
  if (error.code === 'limit_exceeded') return inOurLimits(error.summary, at)
  const slip = slipAt(text, at)
  if (error instanceof ParseError && slip !== undefined) return new ExpressionError(at, slip.message, slip.hint)
  if (/^no such overload: .*\bnull\b/.test(error.summary))
    return new ExpressionError(at, 'no record has null', 'use has(drop.reason) to ask whether a member is there')
  const summary = error.summary
    .replace(/^no such overload: (.*)$/, '$1: these types do not go together')
    .replace(/^found no matching overload for '(.*)'$/, 'no function $1')
    .replace(/\b[A-Z]{2,}\b/g, (token) => TOKENS[token] ?? token)
  return new ExpressionError(at, summary.charAt(0).toLowerCase() + summary.slice(1))
}

/** The offset of an error. For `section["key"]` it is that of the key. */
function placeOf(error: ParseError | CelTypeError): number {
  if (error instanceof CelTypeError && error.code === 'no_such_key' && error.node?.op === '[]')
    return error.node.args[1].start
  return error.range?.start ?? 0
}

function inOurLimits(summary: string, at: number): ExpressionError {
  if (summary.includes('maxDepth')) return tooDeep(at)
  if (summary.includes('maxListElements')) return new ExpressionError(at, `a list has at most ${LONGEST_LIST} elements`)
  return new ExpressionError(at, 'the expression is too long')
}

function tooDeep(at: number): ExpressionError {
  return new ExpressionError(
    at,
    'the expression is nested too deeply',
    'instead of many conditions give a list: drop.reason in ["A", "B"]',
  )
}

/** What people call the tokens of the parser of cel-js. */
const TOKENS: Readonly<Record<string, string>> = {
  EOF: 'the end',
  IDENTIFIER: 'a name',
  NUMBER: 'a number',
  STRING: 'a text',
  LPAREN: '"("',
  RPAREN: '")"',
  LBRACKET: '"["',
  RBRACKET: '"]"',
  LBRACE: '"{"',
  RBRACE: '"}"',
  DOT: '"."',
  COMMA: '","',
  COLON: '":"',
  QUESTION: '"?"',
  AND: '"&&"',
  OR: '"||"',
  NOT: '"!"',
  EQ: '"=="',
  NE: '"!="',
  LT: '"<"',
  LE: '"<="',
  GT: '">"',
  GE: '">="',
  PLUS: '"+"',
  MINUS: '"-"',
  MULTIPLY: '"*"',
  DIVIDE: '"/"',
  MODULO: '"%"',
  IN: '"in"',
}

/**
 * The names within a frame of the stack or a bucket of a histogram: the members of list elements and macro variables.
 */
const ELEMENT_NAMES: readonly string[] = [fields.stack, fieldOf(fields.metric, 'buckets')].flatMap((type) =>
  typeof type === 'object' && 'list' in type && typeof type.list === 'object' && 'fields' in type.list
    ? Object.keys(type.list.fields)
    : [],
)

/** The error for an unknown name at `at`, in `.name` or `["name"]`, with names that may have been meant. */
export function noField(text: string, at: number): ExpressionError {
  const name = /^["']?(\w*)/.exec(text.slice(at))?.[1] ?? ''
  const before = /(?:\w+\.)*$/.exec(text.slice(0, at).replace(/\[\s*$/, '.'))?.[0] ?? ''
  const [root = ''] = before.split('.', 1)
  const slip = unquoted(text, at)
  if (slip !== undefined) return new ExpressionError(at, slip.message, slip.hint)
  const isOfElement = /[.[]\s*$/.test(text.slice(0, at)) && !Object.hasOwn(fields, root)
  const near = isOfElement ? nearest(name, ELEMENT_NAMES) : nearestPaths(before + name, FIELD_PATHS)
  return new ExpressionError(
    at,
    `no field ${before}${name}`,
    near.length === 0 ? 'the fields are in docs/event-format.md' : `near: ${near.join(', ')}`,
  )
}
