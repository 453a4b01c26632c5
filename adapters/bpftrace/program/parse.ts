import type { Clause, Expression, Problem, Program, Routine } from './ast.ts'
import { constantOf } from './constant.ts'
import { definesOf } from './defines.ts'
import { parseExpression, skipTo } from './parse-expression.ts'
import { StatementParser } from './parse-statements.ts'
import { parseProbes } from './probes.ts'
import { itemEnd, predicateEnd } from './recovery.ts'
import { ProgramError, type ProgramToken, Tokens } from './tokens.ts'

/**
 * Parses a bpftrace program (latin1 bytes; versions 0.9 to 0.27), as far as it decides what is printed. Parts that
 * cannot be read are skipped and reported in `problems`. The other parts decode their lines all the same.
 */
export function parseProgram(source: string): Program {
  const problems: Problem[] = []
  const parser = new ProgramParser(source, (error) =>
    problems.push({ ...placeOf(source, error.at), text: error.message }),
  )
  parser.items()
  const { clauses, routines, enumerators } = parser
  return { clauses, routines, enumerators, problems }
}

/** The line and column of an offset, both from 1 on. */
export function placeOf(source: string, at: number): { readonly line: number; readonly column: number } {
  const before = source.slice(0, at)
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') }
}

class ProgramParser {
  readonly clauses: Clause[] = []
  readonly routines = new Map<string, Routine>()
  readonly enumerators = new Map<string, bigint>()
  private readonly source: string
  private readonly defines: ReadonlyMap<string, string>
  private readonly tokens: Tokens
  private readonly statements: StatementParser
  private readonly report: (error: ProgramError) => void

  constructor(source: string, report: (error: ProgramError) => void) {
    this.source = source
    this.report = report
    this.defines = definesOf(source, report)
    this.tokens = new Tokens(source, this.defines)
    this.statements = new StatementParser(source, this.tokens, report)
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
        this.report(error)
        at = Math.max(itemEnd(this.source, at), at + 1)
        this.tokens.seek(at)
      }
    }
  }

  private item(word: ProgramToken): void {
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
    this.clauses.push({ at: start, probes, predicate, body: this.statements.block() })
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
        // The type of a function's parameter follows the name.
        parameters.push(token.text)
        isFirst = false
      }
    }
    while (this.tokens.peek().text !== '{' && this.tokens.peek().kind !== 'end') this.tokens.take()
    this.routines.set(name, { parameters, body: this.statements.block() })
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

  /** Skips a struct up to its `}` and its attributes, or up to `;` where it has no body. */
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
