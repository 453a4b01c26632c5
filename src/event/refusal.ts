import { printable } from '../text/printable.ts'
import type { Validate } from './generated/validators.ts'

/** Why a schema refuses a value, for people. */
export interface Refusal {
  /** `/drop/count`, or empty for the whole. */
  readonly field: string
  /** `must be >= 0`. */
  readonly why: string
}

/** Longer keys are cut: they are anybody's. */
const LONGEST_KEY = 80

/** What ajv said of the value that `validate` refused last, with what its messages leave out: which member, which values. */
export function refusalBy(validate: Validate): Refusal {
  const [first] = validate.errors ?? []
  if (first === undefined) return { field: '', why: 'is refused by the schema' }
  const { instancePath, keyword, params, message = 'is refused by the schema', propertyName } = first
  // A key in the path may hold anything.
  const field = instancePath.split('/').map(keyInWords).join('/')
  const at = (key: unknown): string => `${field}/${keyInWords(String(key).replaceAll('~', '~0').replaceAll('/', '~1'))}`
  switch (keyword) {
    case 'required':
      return { field: at(params.missingProperty), why: 'is missing' }
    case 'additionalProperties':
      return { field: at(params.additionalProperty), why: 'is no member that the schema names there' }
    case 'not':
      return { field, why: 'must not be there' }
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

/** `drop.count must be >= 0`. */
export function inWords({ field, why }: Refusal): string {
  return `${field === '' ? 'the event' : field.slice(1).replaceAll('/', '.')} ${why}`
}

function keyInWords(key: string): string {
  return printable(key.length > LONGEST_KEY ? `${key.slice(0, LONGEST_KEY)}…` : key)
}
