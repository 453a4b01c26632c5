import { printable } from '../text/printable.ts'
import type { Validate } from './generated/validators.ts'

/** Why a schema refuses a value, in words for people. */
export interface Refusal {
  /** A JSON pointer such as `/drop/count`; empty for the whole value. */
  readonly field: string
  /** `must be >= 0`. */
  readonly why: string
}

/** Longer keys are cut: a key may hold any text. */
const LONGEST_KEY = 80

/**
 * Why `validate` refused its last value. The messages of ajv leave out which member and which values they mean; this
 * adds them.
 */
export function refusalBy(validate: Validate): Refusal {
  const [first] = validate.errors ?? []
  if (first === undefined) return { field: '', why: 'is refused by the schema' }
  const { instancePath, keyword, params, message = 'is refused by the schema', propertyName } = first
  // A key in the path may hold any text.
  const field = instancePath.split('/').map(keyInWords).join('/')
  const at = (key: unknown): string => `${field}/${keyInWords(String(key).replaceAll('~', '~0').replaceAll('/', '~1'))}`
  switch (keyword) {
    case 'required':
      return { field: at(params.missingProperty), why: 'is missing' }
    case 'additionalProperties':
      return { field: at(params.additionalProperty), why: 'is not a member that the schema allows there' }
    case 'not':
      return { field, why: 'must be absent' }
    case 'const':
      return { field, why: `must be ${JSON.stringify(params.allowedValue)}` }
    case 'enum':
      return { field, why: `must be one of ${[params.allowedValues].flat().join(', ')}` }
    default:
      return propertyName === undefined
        ? { field, why: message }
        : { field: at(propertyName), why: `has a name that ${message}` }
  }
}

/** A refusal as a sentence: `drop.count must be >= 0`. */
export function inWords({ field, why }: Refusal): string {
  return `${field === '' ? 'the event' : field.slice(1).replaceAll('/', '.')} ${why}`
}

function keyInWords(key: string): string {
  return printable(key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key)
}
