import type { Level, Stream } from '../../../src/contract.ts'
import { contentOf, lineAt, type TextLine } from '../../../src/text/lines.ts'
import { BANNER } from './banner.ts'

/** A line, or a block of lines, that bpftrace itself writes. */
export type ToolTalk =
  | {
      readonly kind: 'message'
      /** Where the next line begins. */
      readonly end: number
      readonly level: Level
      readonly stream: Stream
      readonly isBanner?: true
    }
  | { readonly kind: 'loss'; readonly end: number; readonly loss: Loss }

export interface Loss {
  /** Undefined: a map was full, and bpftrace does not count how often. */
  readonly count: number | undefined
  /** `total`: the sum of all earlier `Lost` lines. */
  readonly mode: 'delta' | 'total'
}

/** How each line of the tool begins. It rules out most lines of a program by their first byte. */
const FIRST = /^(?:\x1b\[|A|L|W|E|I|H|D|F|B|U|N|P|T|C|f|p|[^\s:]+:[0-9])/

const COLOUR = String.raw`(?:\x1b\[[0-9;]*m)?`
const LEVEL = '(ERROR|WARNING|INFO|HINT|DEBUG|FATAL|BUG)'
const LOST = /^Lost ([0-9]{1,15}) events$/
const TOTAL = new RegExp(`^${COLOUR}WARNING: Total lost event count: ([0-9]{1,15})${COLOUR}$`)
const LEVELLED = new RegExp(`^${COLOUR}${LEVEL}: `)
/** `x.bt:4:12-13: WARNING: `; where the place has several lines `x.bt:4-6: ERROR: `. */
const LOCATED = new RegExp(String.raw`^${COLOUR}([^\n]{1,4096}?):[0-9]+(:[0-9]+)?-[0-9]+: ${COLOUR}${LEVEL}: ([^\n]*)$`)
const HELPER = /^Additional Info - helper: [a-z_0-9]+, retcode: -?[0-9]+$/
const MARKER = /^[ \t]*~+\s*$/
const FULL = /^(?:Failed to map_update_elem: Argument list too long|Map full; can't update element)/
const STDOUT = /^(?:No probes to attach|Child exited with code: [0-9]+|Child terminated by signal: [0-9]+)$/
/** What `-v` prints, and what is written outside of a run. */
const STDERR =
  /^(?:Attaching [a-z]+:\S*|failed to look up stack id [0-9]+ .*|Unknown error -?[0-9]+: couldn't set RLIMIT_MEMLOCK .*|Error creating \S+ map: .*)$/

/**
 * What bpftrace (0.9 to 0.27) itself writes at a line. Undefined: the line is not the tool's. `isOld`: the banner was
 * that of 0.23 or earlier, which writes warnings to stdout. `pause`: a block of lines goes on after the window.
 */
export function talkAt(line: TextLine, isOld: boolean): ToolTalk | 'pause' | undefined {
  const text = contentOf(line)
  const { next: end } = line
  if (!FIRST.test(text)) return undefined
  if (BANNER.test(text)) {
    const stream = text.startsWith('Attaching') ? 'stdout' : 'stderr'
    return { kind: 'message', end, level: 'info', stream, isBanner: true }
  }
  const lost = LOST.exec(text)
  if (lost !== null) return { kind: 'loss', end, loss: { count: Number(lost[1]), mode: 'delta' } }
  const total = TOTAL.exec(text)
  if (total !== null) return { kind: 'loss', end, loss: { count: Number(total[1]), mode: 'total' } }
  const located = LOCATED.exec(text)
  if (located !== null) return locatedBlock(line, located, isOld)
  if (text.startsWith('Program ID: ')) return verifierBlock(line)
  const levelled = LEVELLED.exec(text)
  if (levelled !== null) return { kind: 'message', end, level: levelOf(levelled[1]), stream: 'stderr' }
  if (STDOUT.test(text)) return { kind: 'message', end, level: 'info', stream: 'stdout' }
  if (HELPER.test(text) || STDERR.test(text)) return { kind: 'message', end, level: 'info', stream: 'stderr' }
  return undefined
}

const WORDS = ['Attaching ', 'Attached ', 'Lost ', 'WARNING: ', 'ERROR: ', 'INFO: ', 'HINT: ', 'Program ID: ']
const LONGEST_BANNER = 64

/** True when a line without an end so far may become a line of the tool: it cannot be classified yet. */
export function mayBecomeTalk(text: string, start: number): boolean {
  if (text.length - start > LONGEST_BANNER) return false
  const line = text.slice(start)
  return WORDS.some((word) => line.startsWith(word) || word.startsWith(line))
}

/**
 * What 0.17 writes with `-v` (on stdout; later versions on stderr): a line, an empty line, `The verifier log: ` and
 * its lines up to an empty line. The first line alone may be printed by a program.
 */
function verifierBlock({ text, next, last }: TextLine): ToolTalk | 'pause' | undefined {
  const empty = wholeLine(text, next)
  const head = empty === undefined ? undefined : wholeLine(text, empty.next)
  if (empty === undefined || head === undefined) return last ? undefined : 'pause'
  if (contentOf(empty) !== '' || !/^The verifier log: ?$/.test(contentOf(head))) return undefined
  for (let at = head.next; ; ) {
    const line = wholeLine(text, at)
    if (line === undefined && !last) return 'pause'
    if (line === undefined || contentOf(line) === '') {
      return { kind: 'message', end: at, level: 'info', stream: 'stdout' }
    }
    at = line.next
  }
}

/**
 * A message with its place. A line about a helper may follow, then the program's line, and a line that marks the
 * place.
 */
function locatedBlock({ text, next, last }: TextLine, located: RegExpExecArray, isOld: boolean): ToolTalk | 'pause' {
  const [, , column, level, message = ''] = located
  let end = next
  const helper = wholeLine(text, end)
  if (helper === undefined && !last) return 'pause'
  const isHelper = helper !== undefined && HELPER.test(contentOf(helper))
  if (helper !== undefined && isHelper) end = helper.next
  // A place of several lines is not shown.
  if (column !== undefined) {
    const source = wholeLine(text, end)
    const marker = source === undefined ? undefined : wholeLine(text, source.next)
    if (marker === undefined && !last) return 'pause'
    if (marker !== undefined && MARKER.test(contentOf(marker))) end = marker.next
  }
  if (FULL.test(message)) return { kind: 'loss', end, loss: { count: undefined, mode: 'delta' } }
  const isRunTime = isHelper || message.startsWith('Failed to ')
  return { kind: 'message', end, level: levelOf(level), stream: isRunTime && isOld ? 'stdout' : 'stderr' }
}

/** The line at `start`; undefined where it has no end. */
function wholeLine(text: string, start: number): TextLine | undefined {
  const line = lineAt(text, start, false)
  return line === 'pause' ? undefined : line
}

function levelOf(word: string | undefined): Level {
  if (word === 'ERROR' || word === 'FATAL' || word === 'BUG') return 'error'
  return word === 'WARNING' ? 'warning' : 'info'
}
