import { Command } from 'commander'
import { InputError } from '../errors.ts'
import { UnreadForm } from '../input/capture-bytes.ts'
import { type OpenedCapture, openCaptures } from '../input/captures.ts'
import { namedInput, Outputs } from '../output/outputs.ts'
import { findReader } from '../read/detect.ts'
import { Unclaimed } from '../read/window.ts'
import { shapeOfCaptures } from '../run/seeking.ts'
import { UnknownLines, unknownInWords } from '../run/unknown-lines.ts'
import { inputName, printable, printableJson } from '../text/printable.ts'
import { answer } from './answer.ts'
import type { CommandContext } from './command-context.ts'
import { say } from './say.ts'
import { unpackingOf } from './unpacking.ts'

/** `tracenorm detect [FILE...]`: says which reader would read a file, how sure that is, and why. */
export function detectCommand(program: CommandContext): Command {
  return new Command('detect')
    .description('says which reader would read a file, how sure that is, and why; else what the file looks like')
    .argument('[files...]', 'captures, plain, packed or in archives; none, or -, is stdin')
    .option('--json', 'one object a file')
    .action(async (files: readonly string[], flags: { readonly json?: true }) => {
      let status: 0 | 1 | 3 = 0
      const paths = files.length === 0 ? ['-'] : files
      // Refuses inputs that are the output, before the first answer. It opens nothing.
      new Outputs([{ as: 'stdout', path: undefined }], paths.map(namedInput), program)
      const { stdin, adapters } = program
      const { filesOfFolder } = shapeOfCaptures(adapters)
      const source = { stdin, unpacking: unpackingOf({}, program), filesOfFolder, isLast: true }
      for (const path of paths) {
        for await (const capture of openCaptures(path, source)) {
          if (capture.as === 'skipped') continue
          try {
            const found = await detectIn(capture, program)
            await answer(program, flags.json === true ? `${printableJson(found)}\n` : `${inWords(found)}\n`)
            // An archive may hold files of any kind.
            if (found.reader === undefined && !capture.bytes.isMember && status === 0) status = 3
          } catch (error) {
            if (!(error instanceof InputError)) throw error
            say(program.stderr, error.sentence)
            status = 1
          }
        }
      }
      program.ends(status)
    })
}

interface Detected {
  readonly path: string
  readonly reader?: string
  readonly score?: number
  readonly why: string
  /** The name of a form that no reader reads. */
  readonly looks_like?: string
}

async function detectIn({ path, bytes }: OpenedCapture, program: CommandContext): Promise<Detected> {
  const unclaimed = new Unclaimed()
  let found: ReturnType<typeof findReader>
  try {
    found = await find(bytes, unclaimed, program)
  } catch (error) {
    if (!(error instanceof UnreadForm)) throw error
    return { path, why: `${error.form.name} is not read; ${error.hint}`, looks_like: error.form.name }
  }
  if (typeof found === 'string') return unknownIn(path, unclaimed.window(true).text)
  const { adapter, verdict } = found
  return { path, reader: `${adapter.name}:${verdict.format}`, score: verdict.score, why: verdict.why }
}

async function find(
  bytes: AsyncIterable<Uint8Array>,
  unclaimed: Unclaimed,
  { adapters }: CommandContext,
): Promise<ReturnType<typeof findReader>> {
  for await (const chunk of bytes) {
    for (let at = 0; at < chunk.length && !unclaimed.isFull; ) {
      const piece = chunk.subarray(at, at + unclaimed.room)
      unclaimed.append(piece)
      at += piece.length
      const found = findReader(unclaimed.window(false).text, false, adapters)
      if (found !== 'more') return found
    }
  }
  return findReader(unclaimed.window(true).text, true, adapters)
}

function unknownIn(path: string, text: string): Detected {
  const unknown = new UnknownLines()
  for (const [at, line] of text.split('\n').entries()) if (line.trim() !== '') unknown.add(at + 1, line)
  const { first } = unknown
  if (first === undefined) return { path, why: 'there is no line in it' }
  const why = `no reader knows its first lines: ${unknownInWords(path, first)}`
  return { path, why, ...(first.form !== undefined && { looks_like: first.form.name }) }
}

function inWords({ path, reader, score, why }: Detected): string {
  const sure = reader === undefined ? '' : `${reader} (${score} of 100): `
  return printable(`${inputName(path)}: ${sure}${why}`)
}
