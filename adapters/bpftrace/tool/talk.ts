import type { Level, Stream } from '../../../src/contract.ts'
import { BANNER } from './banner.ts'

/** A line, or block of lines, of the tool itself. */
export type ToolTalk =
  | {
      readonly kind: 'message'
      readonly end: number
      readonly level: Level
      readonly stream: Stream
      readonly isBanner?: true
    }
  | { readonly kind: 'loss'; readonly end: number; readonly loss: Loss }

export interface Loss {
  /** Undefined: a map was full, nobody counts how often. */
  readonly count: number | undefined
  /** `total`: the sum of the `Lost` lines before. */
  readonly mode: 'delta' | 'total'
}

/** What every line of the tool's own has in its first bytes: most lines of a program are told from it by one. */
const FIRST = /^(?:\x1b\[|A|L|W|E|I|H|D|F|B|U|N|P|T|C|f|p|[^\s:]+:[0-9])/

const COLOUR = String.raw`(?:\x1b\[[0-9;]*m)?`
const LEVEL = '(ERROR|WARNING|INFO|HINT|DEBUG|FATAL|BUG)'
const LOST = /^Lost ([0-9]{1,15}) events$/
const TOTAL = new RegExp(`^${COLOUR}WARNING: Total lost event count: ([0-9]{1,15})${COLOUR}$`)
const LEVELLED = new RegExp(`^${COLOUR}${LEVEL}: `)
/** `x.bt:4:12-13: WARNING: `, over several lines `x.bt:4-6: ERROR: `. */
const LOCATED = new RegExp(String.raw`^${COLOUR}([^\n]{1,4096}?):[0-9]+(:[0-9]+)?-[0-9]+: ${COLOUR}${LEVEL}: ([^\n]*)$`)
const HELPER = /^Additional Info - helper: [a-z_0-9]+, retcode: -?[0-9]+$/
const MARKER = /^[ \t]*~+\s*$/
const FULL = /^(?:Failed to map_update_elem: Argument list too long|Map full; can't update element)/
/** `-v`, and what is said outside of a run. */
const STDOUT = /^(?:No probes to attach|Child exited with code: [0-9]+|Child terminated by signal: [0-9]+)$/
const STDERR =
  /^(?:Attaching [a-z]+:\S*|failed to look up stack id [0-9]+ .*|Unknown error -?[0-9]+: couldn't set RLIMIT_MEMLOCK .*|Error creating \S+ map: .*)$/

/**
 * The tool's own line or block at `start`, whose line ends at `lineEnd` (bpftrace 0.9 to 0.27). `isOld`: the stream's banner was that of 0.23 or before, which
 * warns on stdout. `more`: a block goes on behind the window.
 */
export function talkAt(
  text: string,
  start: number,
  lineEnd: number,
  isLast: boolean,
  isOld: boolean,
): ToolTalk | 'more' | undefined {
  const line = lineOf(text, start, lineEnd)
  const end = Math.min(lineEnd + 1, text.length)
  if (!FIRST.test(line)) return undefined
  if (BANNER.test(line)) {
    return {
      kind: 'message',
      end,
      level: 'info',
      stream: line.startsWith('Attaching') ? 'stdout' : 'stderr',
      isBanner: true,
    }
  }
  const lost = LOST.exec(line)
  if (lost !== null) return { kind: 'loss', end, loss: { count: Number(lost[1]), mode: 'delta' } }
  const total = TOTAL.exec(line)
  if (total !== null) return { kind: 'loss', end, loss: { count: Number(total[1]), mode: 'total' } }
  const located = LOCATED.exec(line)
  if (located !== null) return locatedBlock(text, end, isLast, located, isOld)
  if (line.startsWith('Program ID: ')) return verifierBlock(text, end, isLast)
  const levelled = LEVELLED.exec(line)
  if (levelled !== null) return { kind: 'message', end, level: levelOf(levelled[1]), stream: 'stderr' }
  if (STDOUT.test(line)) return { kind: 'message', end, level: 'info', stream: 'stdout' }
  if (HELPER.test(line) || STDERR.test(line)) return { kind: 'message', end, level: 'info', stream: 'stderr' }
  return undefined
}

const WORDS = ['Attaching ', 'Attached ', 'Lost ', 'WARNING: ', 'ERROR: ', 'INFO: ', 'HINT: ', 'Program ID: ']
const LONGEST_BANNER = 64

/** True when a line of which no end is there yet may become the tool's own: until then nobody can say what it is. */
export function mayBecomeTalk(text: string, start: number): boolean {
  if (text.length - start > LONGEST_BANNER) return false
  const line = text.slice(start)
  return WORDS.some((word) => line.startsWith(word) || word.startsWith(line))
}

/**
 * What 0.17 says with `-v` (on stdout, later versions on stderr): a line, an empty one, `The verifier log: ` and its lines up to an empty one. The first line alone
 * may be a program's.
 */
function verifierBlock(text: string, start: number, isLast: boolean): ToolTalk | 'more' | undefined {
  const empty = nextLine(text, start)
  const head = empty === undefined ? undefined : nextLine(text, empty.end)
  if (head === undefined) return isLast ? undefined : 'more'
  if (empty?.line !== '' || !/^The verifier log: ?$/.test(head.line)) return undefined
  for (let at = head.end; ; ) {
    const next = nextLine(text, at)
    if (next === undefined && !isLast) return 'more'
    if (next === undefined || next.line === '') return { kind: 'message', end: at, level: 'info', stream: 'stdout' }
    at = next.end
  }
}

/** A line without its end: LF, and one CR before it. */
export function lineOf(text: string, start: number, lineEnd: number): string {
  const end = lineEnd > start && lineEnd < text.length && text.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd
  return text.slice(start, end)
}

/** A diagnostic with its place: a helper's line may follow, then the program's line and what marks the place in it. */
function locatedBlock(
  text: string,
  start: number,
  isLast: boolean,
  located: RegExpExecArray,
  isOld: boolean,
): ToolTalk | 'more' {
  const [, , column, level, said = ''] = located
  let end = start
  const next = nextLine(text, end)
  if (next === undefined && !isLast) return 'more'
  const isHelper = next !== undefined && HELPER.test(next.line)
  if (next !== undefined && isHelper) end = next.end
  // A place of several lines is not shown.
  if (column !== undefined) {
    const source = nextLine(text, end)
    const marker = source === undefined ? undefined : nextLine(text, source.end)
    if (marker === undefined && !isLast) return 'more'
    if (marker !== undefined && MARKER.test(marker.line)) end = marker.end
  }
  if (FULL.test(said)) return { kind: 'loss', end, loss: { count: undefined, mode: 'delta' } }
  const isRunTime = isHelper || said.startsWith('Failed to ')
  return { kind: 'message', end, level: levelOf(level), stream: isRunTime && isOld ? 'stdout' : 'stderr' }
}

function nextLine(text: string, start: number): { readonly line: string; readonly end: number } | undefined {
  const lf = text.indexOf('\n', start)
  return lf < 0 ? undefined : { line: lineOf(text, start, lf), end: lf + 1 }
}

function levelOf(word: string | undefined): Level {
  if (word === 'ERROR' || word === 'FATAL' || word === 'BUG') return 'error'
  return word === 'WARNING' ? 'warning' : 'info'
}
