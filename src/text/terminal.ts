import { isPrompt } from './prompt.ts'

const ESC = '\\x1b'
/** CSI, OSC up to BEL or ESC \, and the escapes of two or three bytes; bells and shifts of character sets. */
const CONTROL = new RegExp(
  `${ESC}\\[[0-?]*[ -/]*[@-~]|${ESC}\\][^\\x07${ESC}]*(?:\\x07|${ESC}\\\\)|${ESC}[ -/]*[0-Z\\\\^-~]|[\\x07\\x0e\\x0f]`,
  'g',
)

const CONTROLLED = /[\x07\b\r\x0e\x0f\x1b]/

/** What a terminal shows of a line that it recorded. */
export interface Shown {
  readonly text: string
  /** Pieces that a CR within the line wrote over. */
  readonly overwritten: readonly string[]
}

/**
 * A line (latin1, without its line end) of a terminal's recording (script, expect, tmux pipe-pane) without control sequences, CRs and backspaces.
 * readline wraps a long command with a blank and a CR, which are taken out; any other CR within the line starts it again.
 */
export function shownOf(raw: string): Shown {
  if (!CONTROLLED.test(raw)) return { text: raw, overwritten: NOTHING }
  const plain = backspaced(raw.replace(CONTROL, '')).replace(/\r+$/, '')
  const pieces = plain.split('\r')
  const overwritten: string[] = []
  let text = ''
  for (const piece of pieces) {
    if (text.endsWith(' ') && isPromptLine(text)) text = text.slice(0, -1) + piece
    else {
      if (text.trim() !== '') overwritten.push(text)
      text = piece
    }
  }
  return { text, overwritten }
}

/** What is shown at the end of it. */
export function plainText(raw: string): string {
  return shownOf(raw).text
}

const NOTHING: readonly string[] = []

function isPromptLine(text: string): boolean {
  return isPrompt(text) || /^[\w-]+> /.test(text)
}

/** A backspace takes the byte before it. */
function backspaced(text: string): string {
  if (!text.includes('\b')) return text
  const kept: string[] = []
  for (const byte of text) {
    if (byte === '\b') kept.pop()
    else kept.push(byte)
  }
  return kept.join('')
}
