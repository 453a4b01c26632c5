/**
 * Everything that may end a run. Bad input is not among it: what cannot be read is data (rejected, counted,
 * quarantined). `message` says what and where, `hint` what to do now; `code` is the exit status; anything else is our
 * bug, and ends with 70.
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
}

/** The command line asks for something that cannot be. */
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

/** A record does not fit the schema (`validate` alone). */
export class SchemaError extends TracenormError {
  constructor(message: string, hint?: string) {
    super(5, message, hint)
  }
}
