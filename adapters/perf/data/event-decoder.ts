// Records of a tracepoint's samples: by its print format, so that they are those of the text; by its fields where that
// cannot be compiled.
import type { Context } from '../../../src/contract.ts'
import { addFlag, EventRecord } from '../../../src/event/record.ts'
import { argumentsRecord, eventNamePart, payloadPart } from '../../../src/kernel/event-record.ts'
import { KFREE_SKB } from '../../../src/kernel/kfree-skb.ts'
import type { Argument } from '../../../src/kernel/payload.ts'
import { readFormat } from '../../../src/kernel/reasons/read-format.ts'
import { type Reasons, reasonsOf } from '../../../src/kernel/reasons/reasons.ts'
import { fieldOf, type Sections, sectionsOf } from '../../../src/kernel/sections.ts'
import { intern, type Memo } from '../../../src/text/intern.ts'
import { type BoundArgument, boundArguments, rendered } from './bound-arguments.ts'
import type { FormatField } from './format-text.ts'
import type { EventDecoder } from './formats.ts'
import { KernelPlaces } from './kernel-places.ts'
import { kfreeSkbDecoder } from './kfree-skb-decoder.ts'
import type { PrintContext } from './print/conversion.ts'
import { compilePrintFormat, type PrintPiece } from './print/print-format.ts'
import { RawData } from './raw-data.ts'
import type { Sample } from './sample.ts'
import type { Symbols } from './symbols.ts'
import type { SystemFormat, TracingData } from './tracing-data.ts'

/** What the formats of one recording share. */
export type TracingTexts = Pick<TracingData, 'printkTexts' | 'longBytes'>

export function eventDecoder(
  { system, format, text }: SystemFormat,
  { printkTexts, longBytes }: TracingTexts,
  context: Context,
  symbols: Symbols,
): EventDecoder {
  const name = `${system}:${format.name}`
  const pidOffset = format.fields.find((field) => field.name === 'common_pid')?.offset ?? COMMON_PID
  const reasons = name === KFREE_SKB ? formatReasons(text, context.reasons) : context.reasons
  const direct = name === KFREE_SKB ? kfreeSkbDecoder(format, pidOffset, reasons, symbols) : undefined
  if (direct !== undefined) return direct
  const print: PrintContext = {
    printkTexts,
    symbolOf: (address, withOffset) => symbolText(symbols, address, withOffset),
  }
  const pieces = compilePrintFormat(format.printFormat, format.fields, longBytes, print)
  return new ArgumentsDecoder(name, pidOffset, format.fields, pieces, new RawData(longBytes), reasons, symbols)
}

/** Of every kernel but those that insert fields before it. */
const COMMON_PID = 4

/**
 * The names in the event's own format. Of other numbers, as those of subsystems, only files of the user's know the
 * names: a bundled table may be another kernel's.
 */
function formatReasons(text: string, given: Reasons): Reasons {
  const read = readFormat(text)
  const own = 'table' in read ? reasonsOf(read.table, read.by) : undefined
  return {
    decode: (code) => {
      const known = own?.decode(code)
      if (known?.name !== undefined) return known
      const decoded = given.decode(code)
      return decoded?.by.startsWith('kernel:') === true ? undefined : decoded
    },
    codeOf: (name) => own?.codeOf(name) ?? given.codeOf(name),
  }
}

function symbolText(symbols: Symbols, address: bigint, withOffset: boolean): string | undefined {
  const { symbol, offset } = symbols.placeOf(address)
  if (symbol === undefined) return undefined
  return withOffset && offset !== undefined ? `${symbol}+0x${offset.toString(16)}` : symbol
}

class ArgumentsDecoder implements EventDecoder {
  readonly name: string
  readonly pidOffset: number
  private readonly namePart
  private readonly args: readonly BoundArgument[]
  private readonly isWhole: boolean
  private readonly pieces: readonly PrintPiece[]
  private readonly fields: readonly FormatField[]
  private readonly fixedBytes: number
  private readonly raw: RawData
  private readonly reasons: Reasons
  private readonly places: KernelPlaces
  /** What `sections` is asked about. No value has a NUL. */
  private current: readonly Argument[] = []
  private readonly sections: Memo<Sections> = intern(() => sectionsOf(this.name, this.current, this.reasons))

  constructor(
    name: string,
    pidOffset: number,
    fields: readonly FormatField[],
    pieces: readonly PrintPiece[] | undefined,
    raw: RawData,
    reasons: Reasons,
    symbols: Symbols,
  ) {
    const bound = pieces === undefined ? undefined : boundArguments(name, pieces)
    this.name = name
    this.pidOffset = pidOffset
    this.namePart = eventNamePart(name)
    this.args = bound?.args ?? []
    this.isWhole = bound?.isWhole ?? false
    this.pieces = pieces ?? []
    this.fields = fields.filter((field) => !field.name.startsWith('common_'))
    // Without pieces each sample is read by its fields.
    this.fixedBytes = pieces === undefined ? Number.POSITIVE_INFINITY : endOf(this.fields)
    this.raw = raw
    this.reasons = reasons
    this.places = new KernelPlaces(symbols)
  }

  record(sample: Sample): EventRecord {
    const { raw } = this
    raw.show(sample)
    const record = sample.rawEnd - sample.raw < this.fixedBytes ? this.recordByFields() : this.recordByFormat()
    record.event_name = this.namePart
    if (raw.isCut) addFlag(record, 'incomplete')
    return record
  }

  private recordByFormat(): EventRecord {
    const { raw, name } = this
    const args: Argument[] = []
    let location: bigint | undefined
    for (const { key, pieces } of this.args) {
      const section = fieldOf(name, key)
      const field = section === 'location' || section === 'drop.reason' ? integerField(pieces) : undefined
      if (field === undefined) args.push({ key, value: rendered(pieces, raw) })
      else if (section === 'location') location = raw.bigint(field)
      else args.push({ key, value: String(raw.bigint(field)) })
    }
    const { record, isWhole } = this.recordOf(args)
    if (location !== undefined) record.location = this.places.ofAddress(BigInt.asUintN(64, location))
    if (!(this.isWhole && isWhole)) {
      const payload = rendered(this.pieces, raw).trimEnd()
      if (payload !== '') record.payload = payloadPart(payload)
    }
    return record
  }

  /** Values often repeat, as tasks and devices do. The names of reasons may change. */
  private recordOf(args: readonly Argument[]): { readonly record: EventRecord; readonly isWhole: boolean } {
    if (this.name === KFREE_SKB) return argumentsRecord(this.name, args, this.reasons)
    this.current = args
    let key = ''
    for (const { value } of args) key += `${value}\0`
    const { kind, isWhole, skb, location, device, drop, args: rest } = this.sections.get(key)
    const record = new EventRecord(kind)
    record.skb = skb
    record.location = location
    record.device = device
    record.drop = drop
    record.args = rest
    return { record, isWhole }
  }

  private recordByFields(): EventRecord {
    const { raw, name } = this
    const args: Argument[] = []
    let location: bigint | undefined
    for (const field of this.fields) {
      if (!raw.holds(field)) raw.isCut = true
      else if (fieldOf(name, field.name) === 'location' && field.form === 'value') location = raw.bigint(field)
      else args.push({ key: field.name, value: fieldText(field, raw) })
    }
    const { record } = argumentsRecord(name, args, this.reasons)
    if (location !== undefined) record.location = this.places.ofAddress(BigInt.asUintN(64, location))
    return record
  }
}

function endOf(fields: readonly FormatField[]): number {
  return Math.max(0, ...fields.map(({ offset, size }) => offset + size))
}

/** The field of a value that is one conversion of an integer field: its number counts, not how it is printed. */
function integerField([piece, more]: readonly PrintPiece[]): FormatField | undefined {
  if (piece === undefined || typeof piece === 'string' || more !== undefined) return undefined
  const { field } = piece.expression
  return field?.form === 'value' ? field : undefined
}

function fieldText(field: FormatField, raw: RawData): string {
  if (field.form === 'value') {
    const value = raw.bigint(field)
    return field.type.includes('*') || field.name === 'skbaddr'
      ? `0x${BigInt.asUintN(64, value).toString(16)}`
      : String(value)
  }
  const span = raw.span(field)
  return field.isText ? raw.text(span) : raw.hex(span)
}
