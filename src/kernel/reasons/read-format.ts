import type { ReasonsRead } from './read-dump.ts'
import { isReasonName } from './reasons.ts'

const PAIR = /\s*\{\s*(0[xX][0-9a-fA-F]+|\d+)\s*,\s*"([^"]*)"\s*\}\s*(,|\))/y

/**
 * The symbol table of a tracefs `format` file, `events/skb/kfree_skb/format` (5.10 to 7.2, runs). It holds core
 * reasons only, from 6.2 on without NOT_DROPPED_YET and CONSUMED. A kernel before 5.17 has no field `reason`: no
 * reasons. Refuses other events' files, and a table that is not numbers and names.
 */
export function readFormat(text: string): ReasonsRead {
  const event = eventOf(text)
  if (event === undefined) return { refused: 'a tracefs format file, but not of skb:kfree_skb' }
  const at = event.indexOf('__print_symbolic(REC->reason,')
  if (at < 0) {
    if (/field:[^;:]*\breason;/.test(event))
      return {
        refused:
          'its kernel does not write the table of reasons into the format file; take /sys/kernel/btf/vmlinux instead',
      }
    return { table: { core: {}, subsystems: {} }, by: 'format' }
  }
  const core: Record<string, string> = {}
  PAIR.lastIndex = event.indexOf(',', at) + 1
  for (;;) {
    const [, number = '', name = '', after] = PAIR.exec(event) ?? []
    if (!isReasonName(name)) return { refused: 'its table of reasons is cut or is not of numbers and names' }
    if (Number(number) > 0xffff) return { refused: `its table of reasons has ${name} for ${number}: no core reason` }
    if (name !== 'MAX') core[Number(number)] ??= name
    if (after === ')') return { table: { core, subsystems: {} }, by: 'format' }
  }
}

/** The part of kfree_skb, in a file of one event or of several. */
function eventOf(text: string): string | undefined {
  const start = /^name: kfree_skb\s*$/m.exec(text)?.index
  if (start === undefined) return undefined
  const next = text.indexOf('\nname: ', start)
  return text.slice(start, next < 0 ? undefined : next)
}
