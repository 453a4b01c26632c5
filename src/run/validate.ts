import { validateEvent } from '../event/generated/validate-event.ts'
import type { Validate } from '../event/generated/validators.ts'
import { validateStrict } from '../event/generated/validators.ts'
import { type Refusal, refusalBy } from '../event/refusal.ts'
import { openInput } from '../input/open.ts'

/** A line of NDJSON that is no event. */
export interface Fault extends Refusal {
  readonly path: string
  readonly line: number
}

/** Checks NDJSON line by line; `tell` hears of each fault. Gives the number of lines that were checked. Throws InputError. */
export async function validateFile(
  path: string,
  extent: 'open' | 'strict',
  tell: (fault: Fault) => void,
): Promise<number> {
  const validate = extent === 'strict' ? validateStrict : validateEvent
  let line = 0
  for await (const text of linesOf(path)) {
    line++
    const fault = faultIn(text, validate)
    if (fault !== undefined) tell({ path, line, ...fault })
  }
  return line
}

function faultIn(text: string, validate: Validate): Refusal | undefined {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    return { field: '', why: `no JSON: ${error instanceof Error ? error.message : String(error)}` }
  }
  return validate(value) ? undefined : refusalBy(validate)
}

/** Lines without their ends; a last one without is one too, an empty last one is none. */
async function* linesOf(path: string): AsyncGenerator<string> {
  const decoder = new TextDecoder('utf-8')
  let rest = ''
  for await (const chunk of openInput(path)) {
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    yield* lines
  }
  rest += decoder.decode()
  if (rest !== '') yield rest
}
