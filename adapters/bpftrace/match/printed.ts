import type { Expression } from '../program/ast.ts'
import { meaningOf } from '../program/meaning.ts'
import type { PrintCall } from '../program/print-tree.ts'
import type { Meaning, Scope, ValueType } from '../program/vocabulary.ts'
import { valueSegments } from './conversion.ts'
import { joinLiterals, printfVariants } from './format.ts'
import type { Segment } from './segment.ts'

const LINE_END: Segment = { kind: 'literal', text: '\n' }
/** 16 elements of 1024 bytes, with separators. */
const LONGEST_JOIN = 17_000
/** BPFTRACE_CAT_BYTES_MAX. */
const LONGEST_CAT = 10_240

/**
 * What a call prints, once for each way in which versions of bpftrace print it. The line end that the function adds is
 * part of it. A string says why it is unknown.
 */
export function printedBy(call: PrintCall, scope: Scope): readonly (readonly Segment[])[] | string {
  const [first] = call.args
  switch (call.name) {
    case 'printf': {
      const format = first === undefined ? undefined : constantText(first, scope)
      if (format === undefined) return noFormat(call.name)
      const args = call.args.slice(1).map((arg) => meaningOf(arg, scope))
      const variants = printfVariants(format, args)
      return variants.length === 0 ? 'printf: its arguments do not fit its format' : variants.map(markHex)
    }
    case 'print':
      return first === undefined
        ? noArgument(call.name)
        : [joinLiterals([...valueSegments(meaningOf(first, scope)), LINE_END])]
    case 'time': {
      const format = first === undefined ? '%H:%M:%S\n' : constantText(first, scope)
      return format === undefined ? noFormat(call.name) : [timeSegments(format)]
    }
    case 'join': {
      if (first === undefined) return noArgument(call.name)
      return [textLine({ ...meaningOf(first, scope), value: textOf(LONGEST_JOIN) })]
    }
    case 'cat':
    case 'system':
      return [aside(textLine({ target: { to: 'args' }, value: textOf(LONGEST_CAT), key: call.name }))]
  }
}

function noFormat(name: string): string {
  return `${name}: its format is no literal, and no parameter that is known`
}

function noArgument(name: string): string {
  return `${name}: it has no argument`
}

function textOf(bytes: number): ValueType {
  return { type: 'text', bytes }
}

/** A text with the line end that the function adds. */
function textLine(meaning: Meaning): readonly Segment[] {
  return [...valueSegments(meaning), LINE_END]
}

/** `time()` has only the conversions of the C library: `%f` stays as it is. Text around the conversions is literal. */
function timeSegments(format: string): readonly Segment[] {
  const [, before = format, body, behind = ''] = /^([^%]*)(?:(%.*%[A-Za-z%]|%[A-Za-z%])([^%]*))?$/s.exec(format) ?? []
  if (body === undefined) return [{ kind: 'literal', text: before }]
  const value: ValueType = {
    type: 'time',
    format: body.replaceAll(/%([%f])/g, (_, letter: string) => (letter === 'f' ? '%%f' : '%%')),
  }
  const segments = valueSegments({ target: { to: 'args' }, value, key: 'time' })
  return aside(joinLiterals([{ kind: 'literal', text: before }, ...segments, { kind: 'literal', text: behind }]))
}

function aside(segments: readonly Segment[]): readonly Segment[] {
  return segments.map((segment) =>
    segment.kind === 'capture' ? { kind: 'capture', capture: { ...segment.capture, isAside: true } } : segment,
  )
}

/** A constant text: a literal, a sum of literals, a positional parameter. */
function constantText(expression: Expression, scope: Scope): string | undefined {
  switch (expression.kind) {
    case 'string':
      return expression.value
    case 'positional':
      return scope.parameter(expression.name)
    case 'call': {
      const [first] = expression.args
      return expression.name === 'str' && first?.kind === 'positional' ? scope.parameter(first.name) : undefined
    }
    case 'binary': {
      if (expression.operator !== '+') return undefined
      const left = constantText(expression.left, scope)
      const right = constantText(expression.right, scope)
      return left === undefined || right === undefined ? undefined : left + right
    }
    default:
      return undefined
  }
}

/** Marks the captures that have `0x` before them. */
function markHex(segments: readonly Segment[]): readonly Segment[] {
  return segments.map((segment, index) => {
    const before = segments[index - 1]
    if (segment.kind !== 'capture' || before?.kind !== 'literal' || !/0[xX]$/.test(before.text)) return segment
    return { kind: 'capture', capture: { ...segment.capture, isHexMarked: true } }
  })
}
