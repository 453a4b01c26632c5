// The format of a tracepoint, as tracefs has it (`events/SYSTEM/EVENT/format`) and a recording carries it
// (kernel/trace/trace_events.c, f_show; Linux 5.10 to 7.2).

/** Where the value of a field is. */
export interface FormatField {
  readonly name: string
  /** Offset in the raw data, and bytes. */
  readonly offset: number
  readonly size: number
  readonly isSigned: boolean
  /** The declaration without the name: `const void *`, `u8`, `__data_loc char[]`. */
  readonly type: string
  /**
   * `value`: an integer. `array`: all of its bytes. `data_loc`, `rel_loc`: a u32 that says where the bytes are, from
   * the beginning of the raw data or from the end of the u32.
   */
  readonly form: 'value' | 'array' | 'data_loc' | 'rel_loc'
  /** Bytes of one element of an array. */
  readonly elementSize: number
  /** The bytes are text up to the first NUL. */
  readonly isText: boolean
}

export interface EventFormat {
  readonly name: string
  readonly id: number
  readonly fields: readonly FormatField[]
  /** What stands after `print fmt: `. */
  readonly printFormat: string
}

const MOST_FIELDS = 1024
/** A sample has less than 64 KiB. */
const MOST_BYTES = 65_536

/**
 * The format in a text (latin1). `longBytes`: of the recorded kernel. Undefined: it is no format. Fields that do not
 * fit a sample are left out.
 */
export function readFormatText(text: string, longBytes: number): EventFormat | undefined {
  const [, name] = /^name: (\S{1,256})\n/m.exec(text) ?? []
  const [, id] = /^ID: (\d{1,9})\n/m.exec(text) ?? []
  const printAt = text.indexOf('\nprint fmt: ')
  if (name === undefined || id === undefined) return undefined
  const fields: FormatField[] = []
  for (let at = text.indexOf('\tfield:'); at >= 0 && fields.length < MOST_FIELDS; at = text.indexOf('\tfield:', at)) {
    const end = text.indexOf('\n', at)
    const line = text.slice(at, end < 0 ? text.length : end)
    const field = readField(line, longBytes)
    if (field !== undefined) fields.push(field)
    at += line.length
  }
  const printEnd = text.indexOf('\n', printAt + 1)
  const printFormat = printAt < 0 ? '' : text.slice(printAt + 12, printEnd < 0 ? text.length : printEnd)
  return { name, id: Number(id), fields, printFormat }
}

const FIELD = /^\tfield:([^;]*);\s*offset:(\d{1,5});\s*size:(\d{1,5});(?:\s*signed:([01]);)?/

function readField(line: string, longBytes: number): FormatField | undefined {
  const [, declaration = '', offsetText, sizeText, signed] = FIELD.exec(line) ?? []
  const offset = Number(offsetText)
  const size = Number(sizeText)
  if (offsetText === undefined || offset + size > MOST_BYTES) return undefined
  const place = /^__(data|rel)_loc /.exec(declaration)?.[1]
  const bracket = place === undefined ? declaration.indexOf('[') : -1
  const head = bracket < 0 ? declaration : declaration.slice(0, bracket)
  const name = lastWord(head)
  if (name === undefined) return undefined
  const type = head.slice(0, head.length - name.length).trim()
  const form = place === 'data' ? 'data_loc' : place === 'rel' ? 'rel_loc' : bracket < 0 ? undefined : 'array'
  if ((form === 'data_loc' || form === 'rel_loc') && size !== 4) return undefined
  return {
    name,
    offset,
    size,
    isSigned: signed === '1',
    type,
    form: form ?? ([1, 2, 4, 8].includes(size) ? 'value' : 'array'),
    elementSize: elementSizeOf(type, size, declaration.slice(bracket + 1), longBytes),
    isText: form !== undefined && /\bchar\b/.test(type) && !type.includes('unsigned'),
  }
}

function lastWord(text: string): string | undefined {
  return /\b([A-Za-z_]\w{0,255})\s*$/.exec(text)?.[1]
}

/** `[6]` divides the bytes; where a macro or an expression stands in its place, the type says it. */
function elementSizeOf(type: string, size: number, count: string, longBytes: number): number {
  const elements = /^(\d{1,5})\]$/.exec(count)?.[1]
  const byCount = elements === undefined ? 0 : size / Number(elements)
  if ([1, 2, 4, 8].includes(byCount)) return byCount
  if (/\b(?:long|size_t)\b|\*/.test(type)) return longBytes
  const bits = /\b(?:__)?[us](8|16|32|64)\b/.exec(type)?.[1]
  if (bits !== undefined) return Number(bits) / 8
  return /\bshort\b/.test(type) ? 2 : /\b(?:int|unsigned)\b/.test(type) && !type.includes('char') ? 4 : 1
}
