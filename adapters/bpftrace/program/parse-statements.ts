import type { Expression, Statement } from './ast.ts'
import { DEEPEST, parseExpression } from './parse-expression.ts'
import { statementEnd } from './recovery.ts'
import { numberValue, ProgramError, type ProgramToken, skipBlanks, type Tokens } from './tokens.ts'

const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>=']

/** Parses the statements of a block. */
export class StatementParser {
  private readonly source: string
  private readonly tokens: Tokens
  private readonly report: (error: ProgramError) => void
  /** How many blocks and branches are around the current place. */
  private depth = 0

  constructor(source: string, tokens: Tokens, report: (error: ProgramError) => void) {
    this.source = source
    this.tokens = tokens
    this.report = report
  }

  /**
   * The block at the current token, a `{`. A statement that cannot be read is reported and skipped. Throws
   * ProgramError.
   */
  block(): readonly Statement[] {
    return this.within(() => this.statements())
  }

  private within<T>(parse: () => T): T {
    if (this.depth === DEEPEST) throw this.tokens.unexpected(this.tokens.peek(), 'less nesting')
    this.depth++
    try {
      return parse()
    } finally {
      this.depth--
    }
  }

  private statements(): readonly Statement[] {
    const { tokens } = this
    tokens.expect('{')
    const statements: Statement[] = []
    for (;;) {
      let end: ProgramToken
      try {
        while (tokens.accept(';'));
        if (tokens.accept('}')) return statements
        end = tokens.peek()
        if (end.kind !== 'end') {
          statements.push(...this.statement(end))
          continue
        }
      } catch (error) {
        if (!(error instanceof ProgramError)) throw error
        this.report(error)
        tokens.seek(statementEnd(this.source, error.resume))
        continue
      }
      throw tokens.unexpected(end, '"}"')
    }
  }

  private statement(token: ProgramToken): readonly Statement[] {
    const { tokens } = this
    switch (token.kind === 'word' ? token.text : '') {
      case 'if':
        return [this.ifStatement()]
      case 'while':
      case 'for':
      case 'unroll':
        return [this.loop(token.text)]
      case 'return':
        tokens.take()
        if (!['}', ';'].includes(tokens.peek().text)) parseExpression(tokens)
        return [{ kind: 'return' }]
      case 'break':
      case 'continue':
        tokens.take()
        return []
      case 'let':
        return this.declaration()
      default:
        if (token.text === '{') return [{ kind: 'block', body: this.block() }]
        return this.simple(token)
    }
  }

  /** `let $x`, `let $x : type = e`. */
  private declaration(): readonly Statement[] {
    const { tokens } = this
    tokens.take()
    const name = tokens.take()
    if (name.kind !== 'variable') throw tokens.unexpected(name, 'a variable')
    if (tokens.accept(':')) while (!['=', ';', '}'].includes(tokens.peek().text)) tokens.take()
    if (!tokens.accept('=')) return []
    const target = { kind: 'variable', name: name.text, text: name.text } as const
    return [{ kind: 'assign', target, operator: '=', value: parseExpression(tokens) }]
  }

  private ifStatement(): Statement {
    return this.within(() => this.choice())
  }

  private choice(): Statement {
    const { tokens } = this
    tokens.take()
    if (tokens.peek().text === 'comptime') tokens.take()
    const condition = parseExpression(tokens)
    const then = this.block()
    if (!tokens.accept('else')) return { kind: 'if', condition, yes: then, no: [] }
    return { kind: 'if', condition, yes: then, no: tokens.peek().text === 'if' ? [this.ifStatement()] : this.block() }
  }

  /** `while (e) {…}`, `unroll (n) {…}`, `for ($kv : @m) {…}`, `for $i : 0..4 {…}`. */
  private loop(word: string): Statement {
    const { tokens } = this
    tokens.take()
    const head: ProgramToken[] = []
    for (let depth = 0; ; ) {
      const token = tokens.peek()
      if (token.kind === 'end') throw tokens.unexpected(token, 'a block')
      if (token.text === '{' && depth === 0) break
      if (token.text === '(') depth++
      else if (token.text === ')') depth--
      head.push(tokens.take())
    }
    return { kind: 'loop', times: timesOf(word, head), body: this.block() }
  }

  /** A call, an assignment, or an expression whose value is not used. */
  private simple(token: ProgramToken): readonly Statement[] {
    const { tokens } = this
    const target = parseExpression(tokens)
    const operator = tokens.peek().text
    if (ASSIGNMENTS.includes(operator)) {
      tokens.take()
      return [{ kind: 'assign', target, operator, value: parseExpression(tokens) }]
    }
    const end = tokens.peek()
    if (![';', '}'].includes(end.text) && end.kind !== 'end' && !this.isOnNewLine(end))
      throw tokens.unexpected(end, '";"')
    return statementsOf(target, token.start)
  }

  /** New programs may omit `;` after the last expression of a block. Old programs have none after `}`. */
  private isOnNewLine(token: ProgramToken): boolean {
    const lf = this.source.lastIndexOf('\n', token.start)
    return lf >= 0 && skipBlanks(this.source, lf, this.source.length) === token.start
  }
}

/** The statements of an expression whose value is not used: a call, `++`, or `?:` with such branches. */
function statementsOf(expression: Expression, at: number): readonly Statement[] {
  if (expression.kind === 'call') {
    const { name, args } = expression
    return name === 'exit' ? [{ kind: 'return' }] : [{ kind: 'call', call: { name, args, at } }]
  }
  if (expression.kind === 'unary' && ['++', '--'].includes(expression.operator)) {
    return [{ kind: 'assign', target: expression.of, operator: expression.operator, value: expression.of }]
  }
  if (expression.kind !== 'choice') return []
  const { test: condition, yes, no } = expression
  return [{ kind: 'if', condition, yes: statementsOf(yes, at), no: statementsOf(no, at) }]
}

/** How often a loop surely runs: `unroll (4)`, `for ($i : 0..4)`. Undefined: the program does not say. */
function timesOf(word: string, head: readonly ProgramToken[]): number | undefined {
  const inner = head.filter(({ text }) => text !== '(' && text !== ')')
  const numbers = inner.map(({ kind, text }) => (kind === 'number' ? Number(numberValue(text)) : undefined))
  if (word === 'unroll' && inner.length === 1) return numbers[0]
  const [from, to] = [numbers[2], numbers[4]]
  const isRange = word === 'for' && inner.length === 5 && inner[1]?.text === ':' && inner[3]?.text === '..'
  return isRange && from !== undefined && to !== undefined ? Math.max(0, to - from) : undefined
}
