import { createReadStream } from 'node:fs'
import { codeOf, InputError } from '../errors.ts'
import type { DeadLetter } from '../event/generated/dead-letter-types.ts'
import { validateDeadLetter } from '../event/generated/validate-dead-letter.ts'
import { pathOf } from '../text/file-name.ts'
import { shellWord } from '../text/printable.ts'

const LF = 10

/**
 * The records of a file of dead letters: their lines as they were, with line ends. Throws InputError where the file
 * cannot be read, or where a line is no dead letter.
 */
export async function* deadLetterLines(path: string): AsyncGenerator<Uint8Array, void, void> {
  let number = 0
  for await (const line of linesIn(path)) {
    number++
    const letter = letterOf(line)
    if (letter === undefined)
      throw new InputError(`${shellWord(path)}: line ${number}: not a dead letter`, 'ship --dead-letter writes them')
    yield letter
  }
}

/** The bytes of the record, with a line end. */
function letterOf(line: string): Buffer | undefined {
  let letter: unknown
  try {
    letter = JSON.parse(line)
  } catch {
    return undefined
  }
  if (!isDeadLetter(letter)) return undefined
  const { line: text, base64 } = letter
  if (base64 !== undefined) return Buffer.concat([Buffer.from(base64, 'base64'), Buffer.from([LF])])
  return text === undefined ? undefined : Buffer.from(`${text}\n`, 'utf8')
}

function isDeadLetter(value: unknown): value is DeadLetter {
  return validateDeadLetter(value)
}

async function* linesIn(path: string): AsyncGenerator<string, void, void> {
  let rest: Buffer = Buffer.alloc(0)
  try {
    for await (const chunk of createReadStream(pathOf(path))) {
      const bytes: Buffer = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
      let start = 0
      for (let lf = bytes.indexOf(LF); lf >= 0; lf = bytes.indexOf(LF, start)) {
        yield bytes.toString('utf8', start, lf)
        start = lf + 1
      }
      rest = bytes.subarray(start)
    }
  } catch (error) {
    if (codeOf(error) === undefined) throw error
    throw new InputError(`${shellWord(path)}: cannot read: ${codeOf(error)}`)
  }
  if (rest.length > 0) yield rest.toString('utf8')
}
