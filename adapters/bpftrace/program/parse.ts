import type { Clause, Expression, Problem, Program, Routine, Statement } from './ast.ts'
import { definesOf } from './defines.ts'
import { DEEPEST, parseExpression, skipTo } from './parse-expression.ts'
import { parseProbes } from './probes.ts'
import { itemEnd, predicateEnd, statementEnd } from './recovery.ts'
import { numberValue, ProgramError, skipBlanks, type Token, Tokens } from './tokens.ts'

const ASSIGNMENTS = ['=', '+=', '-=', '*=', '/=', '%=', '&=', '|=', '^=', '<<=', '>>=']

/**
 * A bpftrace program (latin1 bytes), as far as it decides what is printed; of versions 0.9 to 0.27. What cannot be read is passed over and
 * told in `problems`: the rest of the program decodes its lines all the same.
 */
export function parseProgram(source: string): Program {
  const problems: Problem[] = []
  const parser = new Parser(source, (error) => problems.push({ ...placeOf(source, error.at), text: error.message }))
  parser.items()
  const { clauses, routines, enumerators } = parser
  return { clauses, routines, enumerators, problems }
}

/** Where an offset is, for people. */
export function placeOf(source: string, at: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, at)
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') }
}

class Parser {
  readonly clauses: Clause[] = []
  readonly routines = new Map<string, Routine>()
  readonly enumerators = new Map<string, bigint>()
  private readonly source: string
  private readonly defines: ReadonlyMap<string, string>
  private readonly tokens: Tokens
  private readonly tell: (error: ProgramError) => void
  /** Of blocks within blocks. */
  private depth = 0

  constructor(source: string, tell: (error: ProgramError) => void) {
    this.source = source
    this.tell = tell
    this.defines = definesOf(source, tell)
    this.tokens = new Tokens(source, this.defines)
  }

  items(): void {
    let at = 0
    for (;;) {
      try {
        const word = this.tokens.peek()
        if (word.kind === 'end') return
        at = word.start
        this.item(word)
      } catch (error) {
        if (!(error instanceof ProgramError)) throw error
        this.tell(error)
        at = Math.max(itemEnd(this.source, at), at + 1)
        this.tokens.seek(at)
      }
    }
  }

  private item(word: Token): void {
    const next = this.tokens.peek(1)
    if (['struct', 'union', 'typedef'].includes(word.text)) this.skipDefinition()
    else if (word.text === 'enum') this.enumeration()
    else if (word.text === 'import') this.skipPast(';')
    else if (word.text === 'let' && next.kind === 'map') this.skipPast(';')
    else if (word.text === 'config' && next.text === '=') this.skipBraces()
    else if ((word.text === 'macro' || word.text === 'fn' || word.text === 'subprog') && next.kind === 'word')
      this.routine()
    else if (word.text === ';') this.tokens.take()
    else this.clause(word.start)
  }

  private clause(start: number): void {
    const { probes, end } = parseProbes(this.source, start)
    let at = end
    let predicate: Expression | undefined
    if (this.source[at] === '/') {
      const close = predicateEnd(this.source, at + 1)
      const within = new Tokens(this.source, this.defines, at + 1, close)
      predicate = parseExpression(within)
      const rest = within.peek()
      if (rest.kind !== 'end') throw within.unexpected(rest, 'the end of the predicate')
      at = close + 1
    }
    this.tokens.seek(at)
    this.clauses.push({ at: start, probes, predicate, body: this.block() })
  }

  private routine(): void {
    this.tokens.take()
    const name = this.tokens.take().text
    this.tokens.expect('(')
    const parameters: string[] = []
    let isFirst = true
    for (let depth = 1; depth > 0; ) {
      const token = this.tokens.take()
      if (token.kind === 'end') throw this.tokens.unexpected(token, '")"')
      if (token.text === '(') depth++
      else if (token.text === ')') depth--
      else if (token.text === ',') isFirst = true
      else if (isFirst) {
        // A function's parameter has its type behind it.
        parameters.push(token.text)
        isFirst = false
      }
    }
    while (this.tokens.peek().text !== '{' && this.tokens.peek().kind !== 'end') this.tokens.take()
    this.routines.set(name, { parameters, body: this.block() })
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

  private block(): readonly Statement[] {
    return this.within(() => this.statements())
  }

  private statements(): readonly Statement[] {
    const { tokens } = this
    tokens.expect('{')
    const statements: Statement[] = []
    for (;;) {
      let end: Token
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
        this.tell(error)
        tokens.seek(statementEnd(this.source, error.resume))
        continue
      }
      throw tokens.unexpected(end, '"}"')
    }
  }

  private statement(token: Token): readonly Statement[] {
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
    const head: Token[] = []
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

  /** A call, an assignment, or an expression whose value nobody takes. */
  private simple(token: Token): readonly Statement[] {
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

  /** Newer programs may leave out `;` behind a block's last expression, older ones put none behind `}`. */
  private isOnNewLine(token: Token): boolean {
    const lf = this.source.lastIndexOf('\n', token.start)
    return lf >= 0 && skipBlanks(this.source, lf, this.source.length) === token.start
  }

  private enumeration(): void {
    const { tokens } = this
    while (tokens.peek().text !== '{') {
      const token = tokens.take()
      if (token.kind === 'end' || token.text === ';') return
    }
    tokens.take()
    let next = 0n
    while (!tokens.accept('}')) {
      const name = tokens.take()
      if (name.kind !== 'word') throw tokens.unexpected(name, 'an enumerator')
      if (tokens.accept('=')) {
        const value = constantOf(parseExpression(tokens), this.enumerators)
        if (value !== undefined) next = value
      }
      this.enumerators.set(name.text, next)
      next += 1n
      if (!tokens.accept(',')) {
        tokens.expect('}')
        break
      }
    }
    this.skipAttributes()
  }

  /** A struct: up to its `}` and what belongs to it, or to `;` where it has none. */
  private skipDefinition(): void {
    for (;;) {
      const token = this.tokens.take()
      if (token.kind === 'end' || token.text === ';') return
      if (token.text === '{') break
    }
    skipTo(this.tokens, '{', '}')
    this.skipAttributes()
  }

  private skipAttributes(): void {
    const { tokens } = this
    while (tokens.peek().text === '__attribute__') {
      tokens.take()
      tokens.expect('(')
      skipTo(tokens, '(', ')')
    }
    tokens.accept(';')
  }

  private skipBraces(): void {
    while (!this.tokens.accept('{')) if (this.tokens.take().kind === 'end') return
    skipTo(this.tokens, '{', '}')
    this.tokens.accept(';')
  }

  private skipPast(text: string): void {
    while (!this.tokens.accept(text)) if (this.tokens.take().kind === 'end') return
  }
}

/** A call whose value nobody takes, also as the branches of `?:`. */
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

/** How often a loop surely runs: `unroll (4)`, `for ($i : 0..4)`. */
function timesOf(word: string, head: readonly Token[]): number | undefined {
  const inner = head.filter(({ text }) => text !== '(' && text !== ')')
  const numbers = inner.map(({ kind, text }) => (kind === 'number' ? Number(numberValue(text)) : undefined))
  if (word === 'unroll' && inner.length === 1) return numbers[0]
  const [from, to] = [numbers[2], numbers[4]]
  const isRange = word === 'for' && inner.length === 5 && inner[1]?.text === ':' && inner[3]?.text === '..'
  return isRange && from !== undefined && to !== undefined ? Math.max(0, to - from) : undefined
}

/** The value of a constant expression of numbers and enumerators. */
export function constantOf(expression: Expression, enumerators: ReadonlyMap<string, bigint>): bigint | undefined {
  switch (expression.kind) {
    case 'number':
      return expression.value
    case 'name':
      return enumerators.get(expression.name)
    case 'cast':
      return constantOf(expression.of, enumerators)
    case 'unary': {
      const value = constantOf(expression.of, enumerators)
      return value !== undefined && expression.operator === '-' ? -value : undefined
    }
    case 'binary': {
      const left = constantOf(expression.left, enumerators)
      const right = constantOf(expression.right, enumerators)
      if (left === undefined || right === undefined) return undefined
      if (expression.operator === '<<' && right < 64n) return left << right
      if (expression.operator === '|') return left | right
      return expression.operator === '+' ? left + right : undefined
    }
    default:
      return undefined
  }
}
