/**
 * An error that ends a run. Bad input is not one: what cannot be read is rejected, counted and quarantined. `message`
 * says what is wrong and where, `hint` what to do; `code` is the exit status. Any other error is a bug of ours, and the
 * status is 70.
 */
export class TracenormError extends Error {
  readonly code: 1 | 2 | 5
  readonly hint: string | undefined

  constructor(code: 1 | 2 | 5, message: string, hint?: string) {
    super(message)
    this.name = new.target.name
    this.code = code
    this.hint = hint
  }

  /** What is wrong and what to do, as one sentence. */
  get sentence(): string {
    return this.hint === undefined ? this.message : `${this.message}; ${this.hint}`
  }
}

/** The command line asks for something impossible. */
export class UsageError extends TracenormError {
  constructor(message: string, hint?: string) {
    super(2, message, hint)
  }
}

/** A file, pipe or archive could not be read or written. */
export class InputError extends TracenormError {
  constructor(message: string, hint?: string) {
    super(1, message, hint)
  }
}

/** A record does not fit the schema; only `validate` throws it. */
export class SchemaError extends TracenormError {
  constructor(message: string, hint?: string) {
    super(5, message, hint)
  }
}

/** The system's name of an error: `ENOENT`. */
export function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined
}

/** What an error says, with what to do where it knows that. */
export function sentenceOf(error: unknown): string {
  if (error instanceof TracenormError) return error.sentence
  return error instanceof Error ? error.message : String(error)
}
