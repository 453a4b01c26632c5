import { isOwnLine } from './own-line.ts'
import { promptEnd } from './prompt.ts'

const BLANK = 32

/**
 * True for a line that no tool prints by itself, whatever follows in it: a line of our own NDJSON, or one that a
 * shell's prompt begins. After a prompt a tool's line may follow: the core finds its reader.
 */
export function isOthersLine(line: string): boolean {
  return isOwnLine(line) || (line.charCodeAt(0) !== BLANK && promptEnd(line) > 0)
}
