// What one unit that was read, and the line that was written of it, say of the shape that both have.
import type { PartName } from '../event/generated/members.ts'
import type { LinePiece } from '../event/pieces.ts'
import type { MemberRead } from '../event/record.ts'
import type { ClockOffset } from '../time/clock.ts'
import { MOST_STEPS } from './machine/layout.ts'
import type { KeySpan, LeafSpan, Outline, OutlineSpan } from './outline.ts'
import type { Put, Step } from './step.ts'

/** One unit's shape, with what its keys chose. Units of equal `name` have the same steps and puts. */
export interface Lesson {
  readonly name: string
  readonly steps: readonly Step[]
  /** So many of them must begin the unit after it, too. */
  readonly ahead: number
  readonly puts: readonly Put[]
  readonly keys: readonly LearnedKey[]
}

/** What a key of the unit chose. */
export interface LearnedKey {
  readonly start: number
  readonly end: number
  readonly makes: readonly PartName[]
  readonly isDivisible: boolean
  /** The texts of its pieces, in the order of the line. */
  readonly pieces: readonly string[]
}

/** What is put on every record alike, but for its leaves. */
const STAMPED: readonly PartName[] = ['ts', 'clock', 'host', 'labels', 'capture']
/** Those of them that each line has another of. */
const STAMPED_LEAVES: ReadonlySet<string> = new Set(['ts', 'line'])
/** Leaves within a key that is a time. Any other leaf has the name of its key. */
const FIELDS_OF_TIME: ReadonlySet<string> = new Set(['second', 'fraction'])

const SECONDS = /^ *([1-9]\d{0,9})\.(\d{6}|\d{9})$/
const NANOSECONDS = /^[1-9]\d{9,18}$/
const SIXTY = /^[0-5]\d$/
const FRACTION = /^\d{9}$/
const POINTER = /^0x([1-9a-f][0-9a-f]{0,15})$/
const HEX = /^(?:0|[1-9a-f][0-9a-f]{0,6})$/
/** Of all pieces of a shape together, that many lines fit into the room for one. */
const LONGEST_LINE = 16 * 1024
const MOST_PUTS = 31

/** Undefined where the outline and the line do not explain each other. `unit` is latin1, with its line end. */
export function lessonOf(
  unit: string,
  outline: Outline,
  line: readonly LinePiece[],
  offset: ClockOffset | undefined,
  judged: readonly MemberRead[],
): Lesson | undefined {
  const isLocal = outline.spans.some((span) => span.is === 'sixty')
  const hasTs = !isLocal && line.some(({ leaf }) => leaf?.name === 'ts')
  if (hasTs && offset === undefined) return undefined
  const read = stepsOf(unit, outline, hasTs ? offset : undefined)
  const pieces = isLocal ? line.flatMap(fieldsOfTime) : line
  const written = read && tokensOf(pieces, read, new Set([...STAMPED, ...outline.constant]))
  if (read === undefined || written === undefined || isJudgedByLeaf(judged, pieces, read)) return undefined
  const { ahead, keySpans } = read
  const steps = [...read.steps, ...judging(judged, read)]
  const puts = putsOf(written)
  if (puts.length > MOST_PUTS || line.reduce((sum, { text }) => sum + text.length, 0) > LONGEST_LINE) return undefined
  return {
    name: JSON.stringify([steps, ahead, written.map((token) => (token.is === 'made' ? token.step : token))]),
    steps,
    ahead,
    puts: puts.map(({ put }) => put),
    keys: keySpans.map(({ step, start, end, makes, divided }) => ({
      start,
      end,
      makes,
      isDivisible: divided !== undefined,
      pieces: puts.flatMap(({ put, text }) => (put.is === 'piece' && put.step === step ? [text] : [])),
    })),
  }
}

/** The outline with the spans of these keys, each named by the parts that it makes, in smaller ones. */
export function divided({ spans, ...rest }: Outline, varying: ReadonlySet<string>): Outline {
  const isVarying = (span: OutlineSpan): boolean => span.is === 'key' && varying.has(`${span.makes}`)
  return {
    ...rest,
    spans: spans.flatMap((span) => (span.is === 'key' && isVarying(span) ? span.divided : undefined) ?? [span]),
  }
}

interface KeySpanOfStep extends KeySpan {
  readonly step: number
}

interface LeafStep {
  readonly step: Step
  /** What begins the leaf as it is written, and is a literal of the unit. */
  readonly before: string
  /** The leaf as it is written. */
  readonly text: string
}

interface Read {
  readonly steps: readonly Step[]
  readonly ahead: number
  readonly keySpans: readonly KeySpanOfStep[]
  /** The step that made a part. */
  readonly makers: ReadonlyMap<PartName, number>
  /** The step of a leaf, and what it writes. */
  readonly leaves: ReadonlyMap<string, { readonly step: number; readonly before: string; readonly text: string }>
}

function stepsOf(unit: string, { spans, ahead = 0 }: Outline, offset: ClockOffset | undefined): Read | undefined {
  const steps: Step[] = []
  const keySpans: KeySpanOfStep[] = []
  const makers = new Map<PartName, number>()
  const leaves = new Map<string, { step: number; before: string; text: string }>()
  let at = 0
  let stepsAhead = 0
  const literalTo = (end: number, more = ''): void => {
    const text = unit.slice(at, end) + more
    if (text !== '') steps.push({ is: 'literal', text })
  }
  for (const span of spans) {
    const bytes = unit.slice(span.start, span.end)
    if (span.is === 'key') {
      literalTo(span.start)
      for (const part of span.makes) makers.set(part, steps.length)
      keySpans.push({ ...span, step: steps.length })
      steps.push({ is: 'key', length: span.end - span.start, passes: 0 })
    } else {
      const read = leafStepOf(span, bytes, offset)
      if (read === undefined) return undefined
      literalTo(span.start, read.before)
      leaves.set(span.leaf, { ...read, step: steps.length })
      steps.push(read.step)
    }
    at = span.end
    if (span.start < ahead) stepsAhead = steps.length + 1
  }
  literalTo(unit.length)
  if (steps.length > MOST_STEPS) return undefined
  for (const span of keySpans) {
    if (span.isFixed === true) continue
    const after = steps[span.step + 1]
    if (after?.is !== 'literal') return undefined
    steps[span.step] = { is: 'key', length: undefined, passes: passesIn(unit, span, after.text.slice(0, 2)) }
  }
  return { steps, ahead: stepsAhead, keySpans, makers, leaves }
}

/** How often the beginning of the literal after a key is found before its end. */
function passesIn(unit: string, { start, end }: KeySpan, after: string): number {
  let passes = 0
  for (let at = unit.indexOf(after, start); at < end; at = unit.indexOf(after, at + 1)) passes++
  return passes
}

/** The step that reads these bytes as a leaf. */
function leafStepOf(span: LeafSpan, bytes: string, offset: ClockOffset | undefined): LeafStep | undefined {
  switch (span.is) {
    case 'seconds': {
      const [, seconds, fraction] = SECONDS.exec(bytes) ?? []
      if (seconds === undefined || fraction === undefined) return undefined
      const step: Step = { is: 'seconds', fraction: fraction.length, offset }
      return { step, before: '', text: seconds + fraction.padEnd(9, '0') }
    }
    case 'nanoseconds':
      return NANOSECONDS.test(bytes) ? { step: { is: 'nanoseconds', offset }, before: '', text: bytes } : undefined
    case 'sixty':
      return SIXTY.test(bytes)
        ? { step: { is: 'digits', count: bytes.length, mostFirst: 5 }, before: '', text: bytes }
        : undefined
    case 'fraction':
      return FRACTION.test(bytes)
        ? { step: { is: 'digits', count: bytes.length, mostFirst: 9 }, before: '', text: bytes }
        : undefined
    case 'pointer': {
      const [, digits] = POINTER.exec(bytes) ?? []
      return digits === undefined
        ? undefined
        : { step: { is: 'pointer', digits: digits.length }, before: '0x', text: bytes }
    }
    case 'hex':
      return HEX.test(bytes) ? { step: { is: 'hex' }, before: '', text: String(Number.parseInt(bytes, 16)) } : undefined
    case 'decimal': {
      const step: Step = { is: 'decimal', width: span.isColumn ? bytes.length : 0, most: span.most }
      return { step, before: '', text: bytes.trimStart() }
    }
    case 'text': {
      const { most, without, withoutFirst } = span
      const step: Step = { is: 'text', width: span.isColumn ? bytes.length : 0, form: { most, without, withoutFirst } }
      return { step, before: '', text: bytes.trimStart() }
    }
  }
}

const TIME = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:)(\d\d)(\.)(\d{9})(Z?)$/

/** A time in its fields, where a key chooses the minute, and the rest are leaves. */
function fieldsOfTime(piece: LinePiece): readonly LinePiece[] {
  const { text, part, leaf } = piece
  if (part === undefined || (leaf?.name !== 'ts' && leaf?.name !== 'local')) return [piece]
  const [, minute = text, second, point = '', fraction, end = ''] = TIME.exec(text) ?? []
  if (second === undefined || fraction === undefined) return [piece]
  return [
    { text: minute, part },
    { text: second, part, leaf: { name: 'second', of: 0 } },
    { text: point, part },
    { text: fraction, part, leaf: { name: 'fraction', of: 0 } },
    { text: end, part },
  ]
}

type Piece =
  | { readonly is: 'text'; readonly text: string }
  | { readonly is: 'made'; readonly step: number; readonly text: string }
  | { readonly is: 'leaf'; readonly step: number }
  | { readonly is: 'ts'; readonly step: number }
  | { readonly is: 'line number' }

function tokensOf(
  line: readonly LinePiece[],
  { makers, leaves }: Read,
  constant: ReadonlySet<PartName>,
): readonly Piece[] | undefined {
  const tokens: Piece[] = []
  const used = new Set<string>()
  for (const { text, part, leaf } of line) {
    const maker = part === undefined ? undefined : makers.get(part)
    if (part !== undefined && text !== '' && maker === undefined && !constant.has(part)) return undefined
    const read = leaf && leaves.get(leaf.name)
    const time = leaves.get('ns')
    if (leaf?.name === 'line' && read === undefined) tokens.push({ is: 'line number' })
    else if (leaf?.name === 'ts' && time !== undefined) tokens.push({ is: 'ts', step: time.step })
    else if (leaf !== undefined && read !== undefined) {
      if (read.text !== text) return undefined
      used.add(leaf.name)
      tokens.push({ is: 'text', text: read.before }, { is: 'leaf', step: read.step })
    } else if (maker !== undefined) addMade(tokens, maker, text)
    else if (leaf === undefined) tokens.push({ is: 'text', text })
    else return undefined
  }
  return used.size === leaves.size ? tokens : undefined
}

/** Whether what is left out depends on a leaf, which may be any. */
function isJudgedByLeaf(judged: readonly MemberRead[], line: readonly LinePiece[], { leaves }: Read): boolean {
  const names = line.flatMap(({ part, leaf }) => {
    const varies = leaf !== undefined && (STAMPED_LEAVES.has(leaf.name) || leaves.has(leaf.name))
    return varies ? [{ part, name: leaf.name }] : []
  })
  return judged.some(({ part, key }) =>
    names.some(
      (leaf) => leaf.part === part && (key === undefined || key === leaf.name || FIELDS_OF_TIME.has(leaf.name)),
    ),
  )
}

/**
 * A value of the one key that decides what is left out is either in a shape that is written or in one that is not.
 * Where several keys decide, each may be known in both: then their values must have come together before.
 */
function judging(judged: readonly MemberRead[], { makers }: Read): readonly Step[] {
  const keys = [...new Set(judged.map(({ part }) => makers.get(part)).filter((step) => step !== undefined))]
  return keys.length < 2 ? [] : [{ is: 'together', keys }]
}

/** Leaves that a key chooses are part of its text, however the part was made. */
function addMade(tokens: Piece[], step: number, text: string): void {
  const last = tokens.at(-1)
  if (last?.is === 'made' && last.step === step) tokens[tokens.length - 1] = { ...last, text: last.text + text }
  else tokens.push({ is: 'made', step, text })
}

/** A text that stands before or after what a key chooses is chosen with it: each piece less is a copy less. */
function putsOf(tokens: readonly Piece[]): readonly { readonly put: Put; readonly text: string }[] {
  const puts: { put: Put; text: string }[] = []
  for (const token of tokens) {
    const last = puts.at(-1)
    if (token.is === 'line number' || token.is === 'leaf' || token.is === 'ts') puts.push({ put: token, text: '' })
    else if (token.is === 'text') {
      if (last?.put.is === 'text' || last?.put.is === 'piece')
        puts[puts.length - 1] = withText(last.put, last.text + token.text)
      else if (token.text !== '') puts.push({ put: { is: 'text', text: token.text }, text: token.text })
    } else if (last?.put.is === 'text' || (last?.put.is === 'piece' && last.put.step === token.step))
      puts[puts.length - 1] = { put: { is: 'piece', step: token.step }, text: last.text + token.text }
    else puts.push({ put: { is: 'piece', step: token.step }, text: token.text })
  }
  return puts
}

function withText(put: Put, text: string): { readonly put: Put; readonly text: string } {
  return { put: put.is === 'text' ? { is: 'text', text } : put, text }
}
