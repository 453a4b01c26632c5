import type { Call, Routine, Statement } from './ast.ts'
import { substitute } from './substitute.ts'

const MOST_UNROLLED = 64
const DEEPEST_CALL = 16

/**
 * The statements of a body with the bodies of called routines in place of the calls, without blocks, and with counted
 * loops written out.
 */
export function inlined(
  body: readonly Statement[],
  routines: ReadonlyMap<string, Routine>,
  depth = 0,
): readonly Statement[] {
  return body.flatMap((statement): readonly Statement[] => {
    switch (statement.kind) {
      case 'block':
        return inlined(statement.body, routines, depth)
      case 'if':
        return [
          {
            ...statement,
            yes: inlined(statement.yes, routines, depth),
            no: inlined(statement.no, routines, depth),
          },
        ]
      case 'loop': {
        const inner = inlined(statement.body, routines, depth)
        const { times } = statement
        if (times === undefined || times > MOST_UNROLLED) return [{ ...statement, body: inner }]
        return Array.from({ length: times }, () => inner).flat()
      }
      case 'call':
        return inlinedCall(statement.call, routines, depth) ?? [statement]
      default:
        return [statement]
    }
  })
}

/** The body of the routine that is called, with the arguments in it. Undefined: the call is not of a routine. */
function inlinedCall(
  { name, args }: Call,
  routines: ReadonlyMap<string, Routine>,
  depth: number,
): readonly Statement[] | undefined {
  const routine = routines.get(name)
  if (routine === undefined || depth > DEEPEST_CALL) return undefined
  const named = new Map(
    routine.parameters.flatMap((parameter, index) => {
      const arg = args[index]
      return arg === undefined ? [] : [[parameter, arg] as const]
    }),
  )
  const body = routine.body.map((statement) => substitute(statement, named))
  // A return at the end of the routine ends only the routine.
  const isReturn = body[body.length - 1]?.kind === 'return'
  return inlined(isReturn ? body.slice(0, -1) : body, routines, depth + 1)
}
