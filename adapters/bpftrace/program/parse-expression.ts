import type { Expression } from './ast.ts'
import { numberValue, type ProgramToken, type Tokens } from './tokens.ts'

/** The precedence of binary operators, as in C. */
const BINDING: Readonly<Record<string, number>> = {
  '||': 1,
  '&&': 2,
  '|': 3,
  '^': 4,
  '&': 5,
  '==': 6,
  '!=': 6,
  '<': 7,
  '>': 7,
  '<=': 7,
  '>=': 7,
  '<<': 8,
  '>>': 8,
  '+': 9,
  '-': 9,
  '*': 10,
  '/': 10,
  '%': 10,
}

const UNARY = ['!', '~', '-', '+', '*', '&', '++', '--']

/** Names of types that a cast may have without `struct`, `union`, `enum` or `*`. */
const TYPE_NAME =
  /^(?:u?int(?:8|16|32|64|ptr)?(?:_t)?|[us](?:8|16|32|64)|__[us](?:8|16|32|64)|__be(?:16|32|64)|char|short|long|unsigned|signed|void|bool|s?size_t|string|buffer|inet)$/

/** No program nests deeper. It is a bound for the stack. */
export const DEEPEST = 200
/** No program has more operators or fields in a row. Each of them keeps a copy of the text before it. */
const LONGEST_CHAIN = 200

/** Parses an expression up to a token that cannot belong to it. Throws ProgramError. */
export function parseExpression(tokens: Tokens, depth = 0): Expression {
  const first = tokens.count
  const condition = parseBinary(tokens, 1, depth)
  if (tokens.accept('?:')) {
    const other = parseExpression(tokens, depth + 1)
    return { kind: 'choice', test: condition, yes: condition, no: other, text: tokens.textSince(first) }
  }
  if (!tokens.accept('?')) return condition
  const then = parseExpression(tokens, depth + 1)
  tokens.expect(':')
  const other = parseExpression(tokens, depth + 1)
  return { kind: 'choice', test: condition, yes: then, no: other, text: tokens.textSince(first) }
}

function parseBinary(tokens: Tokens, least: number, depth: number): Expression {
  const first = tokens.count
  let left = parseUnary(tokens, depth + 1)
  for (let chain = 0; ; chain++) {
    const operator = tokens.peek()
    const binding = operator.kind === 'operator' ? BINDING[operator.text] : undefined
    if (binding === undefined || binding < least) return left
    if (chain === LONGEST_CHAIN) throw tokens.unexpected(operator, 'a shorter expression')
    tokens.take()
    const right = parseBinary(tokens, binding + 1, depth + 1)
    left = { kind: 'binary', operator: operator.text, left, right, text: tokens.textSince(first) }
  }
}

function parseUnary(tokens: Tokens, depth: number): Expression {
  const first = tokens.count
  const token = tokens.peek()
  if (depth > DEEPEST) throw tokens.unexpected(token, 'less nesting')
  if (token.kind === 'operator' && UNARY.includes(token.text)) {
    tokens.take()
    const of = parseUnary(tokens, depth + 1)
    return { kind: 'unary', operator: token.text, of, text: tokens.textSince(first) }
  }
  const type = token.text === '(' ? castType(tokens) : undefined
  if (type === undefined) return parsePostfix(tokens, depth)
  const of = parseUnary(tokens, depth + 1)
  return { kind: 'cast', type, of, text: tokens.textSince(first) }
}

function parsePostfix(tokens: Tokens, depth: number): Expression {
  const first = tokens.count
  let expression = parsePrimary(tokens, depth)
  for (let chain = 0; ; chain++) {
    if (chain > LONGEST_CHAIN) throw tokens.unexpected(tokens.peek(), 'a shorter expression')
    const text = tokens.peek().text
    if (text === '.' || text === '->') {
      tokens.take()
      const field = tokens.take()
      if (field.kind !== 'word' && field.kind !== 'number') throw tokens.unexpected(field, 'a field')
      expression = { kind: 'field', of: expression, field: field.text, text: tokens.textSince(first) }
    } else if (text === '[') {
      tokens.take()
      const index = parseExpression(tokens, depth + 1)
      tokens.expect(']')
      expression = { kind: 'index', of: expression, index, text: tokens.textSince(first) }
    } else if (text === '++' || text === '--') {
      tokens.take()
      expression = { kind: 'unary', operator: text, of: expression, text: tokens.textSince(first) }
    } else return expression
  }
}

function parsePrimary(tokens: Tokens, depth: number): Expression {
  const first = tokens.count
  const token = tokens.take()
  switch (token.kind) {
    case 'number': {
      const value = numberValue(token.text)
      if (value === undefined) throw tokens.unexpected(token, 'a number')
      return { kind: 'number', value, text: token.text }
    }
    case 'string':
      return { kind: 'string', value: token.value, text: token.text }
    case 'variable':
      return { kind: 'variable', name: token.text, text: token.text }
    case 'positional':
      return { kind: 'positional', name: token.text, text: token.text }
    case 'map': {
      const keys = tokens.peek().text === '[' ? parseList(tokens, '[', ']', depth) : undefined
      return { kind: 'map', name: token.text, keys, text: tokens.textSince(first) }
    }
    case 'word':
      return parseWord(tokens, token, first, depth)
    case 'operator':
      if (token.text === '(') return parseParentheses(tokens, first, depth)
      if (token.text === '{') {
        skipTo(tokens, '{', '}')
        return { kind: 'opaque', text: tokens.textSince(first) }
      }
      throw tokens.unexpected(token, 'an expression')
    case 'end':
      throw tokens.unexpected(token, 'an expression')
  }
}

function parseWord(tokens: Tokens, word: ProgramToken, first: number, depth: number): Expression {
  if (word.text === 'sizeof' || word.text === 'offsetof') {
    tokens.expect('(')
    skipTo(tokens, '(', ')')
    return { kind: 'opaque', text: tokens.textSince(first) }
  }
  // Without a parenthesis it is not a call, but a builtin such as `kstack`.
  if (tokens.peek().text === '(') {
    const args = parseList(tokens, '(', ')', depth)
    return { kind: 'call', name: word.text, args, text: tokens.textSince(first) }
  }
  if (['struct', 'union', 'enum'].includes(word.text)) {
    while (['word', 'operator'].includes(tokens.peek().kind) && /^(?:\w+|\*)$/.test(tokens.peek().text)) tokens.take()
    return { kind: 'opaque', text: tokens.textSince(first) }
  }
  return { kind: 'name', name: word.text, text: word.text }
}

/** `(a)` is `a`; `(a, b)`, `(a,)` and `()` are tuples. The names of members are skipped: `(a=1, b=2)`. */
function parseParentheses(tokens: Tokens, first: number, depth: number): Expression {
  const items: Expression[] = []
  let commas = 0
  while (!tokens.accept(')')) {
    if (tokens.peek().kind === 'word' && tokens.peek(1).text === '=') {
      tokens.take()
      tokens.take()
    }
    items.push(parseExpression(tokens, depth + 1))
    if (tokens.accept(',')) commas++
    else {
      tokens.expect(')')
      break
    }
  }
  const [only] = items
  if (only !== undefined && commas === 0) return { ...only, text: tokens.textSince(first) }
  return { kind: 'tuple', items, text: tokens.textSince(first) }
}

/** The expressions between brackets, separated by commas. */
function parseList(tokens: Tokens, open: string, close: string, depth = 0): readonly Expression[] {
  tokens.expect(open)
  const items: Expression[] = []
  while (!tokens.accept(close)) {
    items.push(parseExpression(tokens, depth + 1))
    if (tokens.accept(',')) continue
    tokens.expect(close)
    break
  }
  return items
}

/** Skips up to the bracket that closes the one taken last. */
export function skipTo(tokens: Tokens, open: string, close: string): void {
  for (let depth = 1; depth > 0; ) {
    const token = tokens.take()
    if (token.kind === 'end') throw tokens.unexpected(token, `"${close}"`)
    if (token.kind === 'string') continue
    if (token.text === open) depth++
    else if (token.text === close) depth--
  }
}

/**
 * Takes a cast, and returns its type: `(uint8)`, `(struct sock *)`, `(enum skb_drop_reason)`, in programs of 2018 also
 * `(sock *)`. Undefined: the parentheses ahead are not a cast, and are not taken.
 */
function castType(tokens: Tokens): string | undefined {
  const words: string[] = []
  let ahead = 1
  for (; tokens.peek(ahead).kind === 'word'; ahead++) words.push(tokens.peek(ahead).text)
  let stars = 0
  for (; tokens.peek(ahead).text === '*'; ahead++) stars++
  if (tokens.peek(ahead).text === '[') {
    ahead++
    if (tokens.peek(ahead).kind === 'number') ahead++
    if (tokens.peek(ahead).text !== ']') return undefined
    ahead++
  }
  const [word] = words
  if (word === undefined || tokens.peek(ahead).text !== ')') return undefined
  const isTagged = ['struct', 'union', 'enum'].includes(word)
  if (!isTagged && stars === 0 && !words.every((one) => TYPE_NAME.test(one))) return undefined
  for (let count = 0; count <= ahead; count++) tokens.take()
  return `${words.join(' ')}${'*'.repeat(stars)}`
}
