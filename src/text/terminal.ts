import { promptEnd } from './prompt.ts'

const ESC = '\\x1b'
/**
 * Control sequences: CSI, OSC up to BEL or ESC \, escapes of two or three bytes, bells and shifts of character sets.
 */
const CONTROL = new RegExp(
  `${ESC}\\[[0-?]*[ -/]*[@-~]|${ESC}\\][^\\x07${ESC}]*(?:\\x07|${ESC}\\\\)|${ESC}[ -/]*[0-Z\\\\^-~]|[\\x07\\x0e\\x0f]`,
  'g',
)

const CONTROLLED = /[\x07\b\r\x0e\x0f\x1b]/

/** What a terminal shows of a recorded line. */
export interface Shown {
  readonly text: string
  /** Texts that the terminal overwrote after a CR within the line. */
  readonly overwritten: readonly string[]
}

/**
 * What a terminal shows of a line (latin1, without its line end) that script, expect or tmux pipe-pane recorded: the
 * text without control sequences, CRs and backspaces. readline wraps a long command with a blank and a CR, which are
 * removed; any other CR within the line starts the line again.
 */
export function shownOf(raw: string): Shown {
  if (!CONTROLLED.test(raw)) return { text: raw, overwritten: NOTHING }
  const overwritten: string[] = []
  // There are several pieces when readline wrapped a command.
  let pieces: string[] = []
  let isPromptLine = false
  for (const piece of withoutFinalCrs(backspaced(raw.replace(CONTROL, ''))).split('\r')) {
    const last = pieces.at(-1) ?? ''
    if (isPromptLine && last.endsWith(' ')) {
      pieces[pieces.length - 1] = last.slice(0, -1)
      pieces.push(piece)
      continue
    }
    const text = pieces.join('')
    if (text.trim() !== '') overwritten.push(text)
    pieces = [piece]
    isPromptLine = promptEnd(piece) > 0 || /^[\w-]+> /.test(piece)
  }
  return { text: pieces.join(''), overwritten }
}

/** The text that is shown at the end of the line. */
export function plainText(raw: string): string {
  return shownOf(raw).text
}

/** The text that is shown of each of several lines. */
export function plainLines(raw: string): string {
  return CONTROLLED.test(raw) ? raw.split('\n').map(plainText).join('\n') : raw
}

const NOTHING: readonly string[] = []

function withoutFinalCrs(text: string): string {
  let end = text.length
  while (end > 0 && text.charCodeAt(end - 1) === 13) end--
  return text.slice(0, end)
}

/** A backspace removes the byte before it. */
function backspaced(text: string): string {
  if (!text.includes('\b')) return text
  const kept: string[] = []
  for (const byte of text) {
    if (byte === '\b') kept.pop()
    else kept.push(byte)
  }
  return kept.join('')
}
