// The macros of CEL, such as `list.exists(name, condition)`. Over a map they go through the keys.
import type { FieldType } from '../../event/generated/fields.ts'
import type { EventRecord } from '../../event/record.ts'
import { spend } from './budget.ts'
import { type CompiledTerm, truth } from './operators.ts'
import { type CelValue, isList, isObject } from './value.ts'

export const MACROS = ['all', 'exists', 'exists_one', 'filter', 'map'] as const
export type Macro = (typeof MACROS)[number]

/** The variable of a macro, with its current value. */
export interface Variable {
  readonly type: FieldType
  value: CelValue | undefined
}

/** A macro over the items of `whole`. `body` reads the variable; `steps` is what one evaluation of it costs. */
export function macroTerm(
  macro: Macro,
  whole: CompiledTerm,
  variable: Variable,
  body: CompiledTerm,
  steps: number,
): CompiledTerm {
  const valueFor = (record: EventRecord, item: CelValue): CelValue | undefined => {
    spend(steps)
    variable.value = item
    return body.evaluate(record)
  }
  const items = (record: EventRecord): readonly CelValue[] | undefined => itemsOf(whole.evaluate(record))
  switch (macro) {
    case 'all':
      return truth((record) => items(record)?.every((item) => valueFor(record, item) === true) === true)
    case 'exists':
      return truth((record) => items(record)?.some((item) => valueFor(record, item) === true) === true)
    case 'exists_one':
      return truth((record) => items(record)?.filter((item) => valueFor(record, item) === true).length === 1)
    case 'filter':
      return {
        type: { list: variable.type },
        evaluate: (record) => items(record)?.filter((item) => valueFor(record, item) === true),
      }
    case 'map':
      return {
        type: { list: body.type },
        evaluate: (record) =>
          items(record)
            ?.map((item) => valueFor(record, item))
            .filter((value) => value !== undefined),
      }
  }
}

function itemsOf(whole: CelValue | undefined): readonly CelValue[] | undefined {
  if (isList(whole)) return whole
  return isObject(whole) ? Object.keys(whole) : undefined
}
