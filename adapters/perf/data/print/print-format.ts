// A print format, compiled once: the text that the kernel and perf print of an event
// (include/trace/stages/, Linux 6.1 to 7.2; tools/lib/traceevent of perf 5.10 to 7.2).
import type { FormatField } from '../format-text.ts'
import { conversionOf, type PrintContext, type PrintConversion } from './conversion.ts'
import { ExpressionReader } from './expression.ts'
import { tokensOf, UnknownFormat } from './tokens.ts'

/** A piece of the text: as it stands, or of the sample. */
export type PrintPiece = string | PrintConversion

const LONGEST = 2 ** 20
const MOST_CONVERSIONS = 256

const WRITTEN =
  /%([-+ #0]*)(\d{1,4}|\*)?(\.(?:\d{1,4}|\*)?)?(hh|h|ll|l|[zqLtj])?([diuxXocs]|p(?:[SsFfBxK]|[Ii][46S][A-Za-z]*|[Mm]F?|U[bBlL]?|h[CDN]?(?![A-Za-z])|(?![A-Za-z]))|%)/y

/**
 * The pieces of a format (what stands after `print fmt: `). `longBytes`: of the recorded kernel. Undefined: it has
 * something that this compiler does not know.
 */
export function compilePrintFormat(
  text: string,
  fields: readonly FormatField[],
  longBytes: number,
  context: PrintContext,
): readonly PrintPiece[] | undefined {
  try {
    return compiled(text, fields, longBytes, context)
  } catch (error) {
    if (error instanceof UnknownFormat) return undefined
    throw error
  }
}

function compiled(text: string, fields: readonly FormatField[], longBytes: number, context: PrintContext) {
  if (text.length > LONGEST) throw new UnknownFormat('longer than any format of Linux')
  const tokens = tokensOf(text)
  const literals = tokens.findIndex(({ kind }) => kind !== 'text')
  const first = literals < 0 ? tokens.length : literals
  if (first === 0) throw new UnknownFormat('no text')
  const literal = tokens
    .slice(0, first)
    .map((token) => token.text)
    .join('')
  const names = new Map(fields.map((field) => [field.name, field]))
  const args = new ExpressionReader(tokens, first, names, longBytes)
  const pieces: PrintPiece[] = []
  let plain = ''
  for (let at = 0; at < literal.length; ) {
    const percent = literal.indexOf('%', at)
    plain += literal.slice(at, percent < 0 ? literal.length : percent)
    if (percent < 0) break
    WRITTEN.lastIndex = percent
    const [whole, flags = '', width = '', precision = '', length = '', letter = ''] = WRITTEN.exec(literal) ?? []
    if (whole === undefined || pieces.length > 2 * MOST_CONVERSIONS) throw new UnknownFormat('no conversion after %')
    at = percent + whole.length
    if (letter === '%') plain += '%'
    else {
      if (plain !== '') pieces.push(plain)
      plain = ''
      pieces.push(conversionOf({ flags, width, precision, length, letter }, args, context))
    }
  }
  if (!args.isAtEnd) throw new UnknownFormat('an argument too many')
  return plain === '' ? pieces : [...pieces, plain]
}
