// The part of the bpftrace language that decides what a program prints, and under which names.

/** An expression. `text` is its source without blanks and comments, and with defines expanded. */
export type Expression = { readonly text: string } & (
  | { readonly kind: 'number'; readonly value: bigint }
  /** Latin1 bytes, escapes resolved. */
  | { readonly kind: 'string'; readonly value: string }
  /** The name of a builtin, an enumerator, a type, or a parameter of a macro. */
  | { readonly kind: 'name'; readonly name: string }
  /** `name` is `$name`, with the sign. */
  | { readonly kind: 'variable'; readonly name: string }
  /** `name` is `@` or `@name`, with the sign. */
  | { readonly kind: 'map'; readonly name: string; readonly keys: readonly Expression[] | undefined }
  /** `$1`, `$#`. */
  | { readonly kind: 'positional'; readonly name: string }
  | { readonly kind: 'call'; readonly name: string; readonly args: readonly Expression[] }
  | { readonly kind: 'field'; readonly of: Expression; readonly field: string }
  | { readonly kind: 'index'; readonly of: Expression; readonly index: Expression }
  | { readonly kind: 'cast'; readonly type: string; readonly of: Expression }
  | { readonly kind: 'unary'; readonly operator: string; readonly of: Expression }
  | {
      readonly kind: 'binary'
      readonly operator: string
      readonly left: Expression
      readonly right: Expression
    }
  | { readonly kind: 'choice'; readonly test: Expression; readonly yes: Expression; readonly no: Expression }
  | { readonly kind: 'tuple'; readonly items: readonly Expression[] }
  /** What this parser skips: a block as a value, `sizeof(struct x)`. */
  | { readonly kind: 'opaque' }
)

export type Statement =
  | { readonly kind: 'call'; readonly call: Call }
  | { readonly kind: 'assign'; readonly target: Expression; readonly operator: string; readonly value: Expression }
  | {
      readonly kind: 'if'
      readonly condition: Expression
      readonly yes: readonly Statement[]
      readonly no: readonly Statement[]
    }
  /** `times`: how often the body surely runs. Undefined: the program does not say. */
  | { readonly kind: 'loop'; readonly times: number | undefined; readonly body: readonly Statement[] }
  | { readonly kind: 'block'; readonly body: readonly Statement[] }
  /** The run ends here: `return`, `exit()`. */
  | { readonly kind: 'return' }

/** A call as a statement: its value is not used. */
export interface Call {
  readonly name: string
  readonly args: readonly Expression[]
  /** Offset in the program. */
  readonly at: number
}

/** `tracepoint:skb:kfree_skb`. */
export interface Probe {
  /** The full name: `tracepoint`, also where the program says `t`. */
  readonly type: string
  /** What follows the type, without quotes: `['skb', 'kfree_skb']`. */
  readonly path: readonly string[]
}

export interface Clause {
  /** Offset in the program. */
  readonly at: number
  readonly probes: readonly Probe[]
  readonly predicate: Expression | undefined
  readonly body: readonly Statement[]
}

/** A `macro` or `fn`. What it prints belongs to the clauses that call it. */
export interface Routine {
  /** Names with their `$`; without it where a macro takes an expression. */
  readonly parameters: readonly string[]
  readonly body: readonly Statement[]
}

/** What this parser could not read. */
export interface Problem {
  /** From 1 on, as the column is. */
  readonly line: number
  readonly column: number
  readonly text: string
}

export interface Program {
  readonly clauses: readonly Clause[]
  readonly routines: ReadonlyMap<string, Routine>
  /** Enumerators that the program declares. */
  readonly enumerators: ReadonlyMap<string, bigint>
  readonly problems: readonly Problem[]
}
