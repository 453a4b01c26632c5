// A sample with its members in perf's order, in any layout: nearly every sample is one. This is the hot path. It makes
// the records that sample.ts makes, and knows nothing else.

import type { Context } from '../../../src/contract.ts'
import type { Part } from '../../../src/event/part.ts'
import { EventRecord } from '../../../src/event/record.ts'
import type { ClockId } from '../../../src/event/words.ts'
import type { Argument } from '../../../src/kernel/payload.ts'
import { type StackFrame, stackPart } from '../../../src/kernel/stack-part.ts'
import { intern, type Memo } from '../../../src/text/intern.ts'
import { digitsEnd, holdsAt } from '../../../src/text/scan.ts'
import { CLOSE, CLOSE_LIST, COMMA, OPEN, OPEN_LIST, ZERO } from './characters.ts'
import { type FlatMember, flatRun, integerEnd } from './flat.ts'
import { FRAMES } from './frame.ts'
import { PlainDrop } from './plain-drop.ts'
import { cpuOf, fieldsRecord, processOf } from './sample.ts'
import { isSpace, spaceEnd } from './text-end.ts'

const TIMESTAMP = '"timestamp":'
const CALLCHAIN = '"callchain":'
/** Of an unsigned number of 64 bits. */
const MOST_DIGITS = 20

export class PlainSample {
  /** Offset after the sample that was read last. */
  end = 0
  /** Of that sample: it has the fields of skb:kfree_skb, or none. */
  isRegular = false
  private readonly drop: PlainDrop
  /** Records of the fields of other events, by their text. */
  private readonly models: Memo<EventRecord | undefined>

  constructor(context: Context) {
    this.drop = new PlainDrop(context.reasons)
    this.models = intern((text) => modelOf(text, context))
  }

  /** The names of reasons may be others now. */
  forget(): void {
    this.drop.forget()
    this.models.clear()
  }

  /** The record of the sample whose brace is at `start`. Undefined: it is not plain, or does not end in the text. */
  read(text: string, start: number, clockId: ClockId): EventRecord | undefined {
    const first = spaceEnd(text, start + 1)
    if (!holdsAt(text, first, TIMESTAMP)) return undefined
    const nsStart = spaceEnd(text, first + TIMESTAMP.length)
    const nsEnd = digitsEnd(text, nsStart)
    if (!isTime(text, nsStart, nsEnd)) return undefined
    const comma = spaceEnd(text, nsEnd)
    const chainKey = text.indexOf(CALLCHAIN, comma)
    if (chainKey < 0 || text.charCodeAt(comma) !== COMMA) return undefined
    const head = HEADS.of(text, comma + 1, chainKey)
    if (head === undefined) return undefined
    const stack = this.readChain(text, spaceEnd(text, chainKey + CALLCHAIN.length))
    if (stack === undefined) return undefined
    const record = this.readFields(text, spaceEnd(text, this.end))
    if (record === undefined) return undefined
    record.ns = text.slice(nsStart, nsEnd)
    record.clockId = clockId
    record.process = head.process
    record.cpu = head.cpu
    record.stack = stack.part
    return record
  }

  /** Reads from the bracket at `start`; `end` is the offset after the chain. Undefined: a frame is not plain. */
  private readChain(text: string, start: number): SampleChain | undefined {
    if (text.charCodeAt(start) !== OPEN_LIST) return undefined
    let at = spaceEnd(text, start + 1)
    if (text.charCodeAt(at) === CLOSE_LIST) {
      this.end = at + 1
      return NO_CHAIN
    }
    let only: StackFrame | undefined
    let frames: StackFrame[] | undefined
    for (;;) {
      const end = frameEnd(text, at)
      const frame = end < 0 ? undefined : FRAMES.of(text, at, end)
      if (frame === undefined) return undefined
      if (only === undefined) only = frame
      else if (frames === undefined) frames = [only, frame]
      else frames.push(frame)
      at = spaceEnd(text, end)
      if (text.charCodeAt(at) !== COMMA) break
      at = spaceEnd(text, at + 1)
    }
    if (text.charCodeAt(at) !== CLOSE_LIST) return undefined
    this.end = at + 1
    return { part: frames === undefined ? only.stack : stackPart(frames) }
  }

  /** Reads what follows the chain, to the brace; `end` is the offset after it. */
  private readFields(text: string, at: number): EventRecord | undefined {
    this.isRegular = true
    const c = text.charCodeAt(at)
    if (c === CLOSE) {
      this.end = at + 1
      return new EventRecord('trace')
    }
    if (c !== COMMA) return undefined
    const start = spaceEnd(text, at + 1)
    const drop = this.drop.read(text, start)
    if (drop !== undefined) {
      this.end = this.drop.end
      return drop
    }
    this.isRegular = false
    const end = text.indexOf('}', start)
    const model = end < 0 ? undefined : this.models.of(text, start, end)
    if (model === undefined) return undefined
    this.end = end + 1
    return sectionsLike(model)
  }
}

/** A record with the sections of these fields, `"vec": "9"` and so on. Undefined: they are not plain. */
function modelOf(text: string, context: Context): EventRecord | undefined {
  const run = flatRun(text)
  if (run === undefined || run.isOpen || run.members.some(isOwnNumber)) return undefined
  return fieldsRecord(
    run.members.map(({ key, value }): Argument => ({ key, value })),
    context,
  )
}

/** Another record with the same sections. */
function sectionsLike(model: EventRecord): EventRecord {
  const record = new EventRecord(model.kind)
  record.event_name = model.event_name
  record.skb = model.skb
  record.location = model.location
  record.drop = model.drop
  record.device = model.device
  record.args = model.args
  record.payload = model.payload
  record.flags = model.flags
  return record
}

/** A chain without frames has no part. */
interface SampleChain {
  readonly part: Part | undefined
}

const NO_CHAIN: SampleChain = { part: undefined }

/** Fields are texts. A number may be the sample's own, out of its place. */
function isOwnNumber({ isText }: FlatMember): boolean {
  return !isText
}

function isTime(text: string, start: number, end: number): boolean {
  const digits = end - start
  return digits > 0 && digits <= MOST_DIGITS && (digits === 1 || text.charCodeAt(start) !== ZERO)
}

/**
 * Offset after the frame at `at`; -1: there is none. A brace in a symbol is not followed by what follows a frame; where
 * it is, the text before it is no frame.
 */
function frameEnd(text: string, at: number): number {
  if (text.charCodeAt(at) !== OPEN) return -1
  for (let close = text.indexOf('}', at); close >= 0; close = text.indexOf('}', close + 1)) {
    const next = text.charCodeAt(close + 1)
    if (next === COMMA || next === CLOSE_LIST || isSpace(next)) return close + 1
  }
  return -1
}

/** What stands between the time and the chain. */
interface SampleTask {
  readonly process: Part | undefined
  readonly cpu: Part | undefined
}

/** By the text `"pid": 1485, "tid": 1485, "cpu": 1, "comm": "curl",`. Undefined: it has other members. */
const HEADS = intern((text): SampleTask | undefined => {
  const run = flatRun(text)
  if (run?.isOpen !== true) return undefined
  const [pid, tid, ...rest] = run.members
  const [comm, cpu, ...others] = rest.toReversed()
  const isPlain = isNumber(pid, 'pid') && isNumber(tid, 'tid') && (cpu === undefined || isNumber(cpu, 'cpu'))
  if (!isPlain || comm?.key !== 'comm' || !comm.isText || others.length > 0) return undefined
  const process = processOf(comm.value, pid?.value, tid?.value)
  const number = cpuOf(cpu?.value)
  return process === undefined || number === undefined ? undefined : { process: process.part, cpu: number.part }
})

function isNumber(member: FlatMember | undefined, key: string): boolean {
  return member?.key === key && !member.isText && integerEnd(member.value, 0) === member.value.length
}
