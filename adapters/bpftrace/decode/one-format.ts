import { UsageError } from '../../../src/errors.ts'
import { compileProgram } from './compile.ts'
import type { Decoder } from './decoder.ts'
import type { ClauseFacts } from './recipe.ts'

/** Arguments of skb:kfree_skb that may be named without `args.`. */
const FIELDS = ['skbaddr', 'protocol', 'location', 'rx_sk', 'reason']

/**
 * A decoder of one format (`--printf`) whose arguments the user names (`--names`). Names of builtins of bpftrace and
 * of arguments of skb:kfree_skb fill their fields. The records are traces, because the event is unknown. Throws
 * UsageError.
 */
export function decoderOfFormat(format: string, names: string): Decoder {
  const list = names.split(',').map((name) => name.trim())
  for (const name of list) {
    if (!/^[A-Za-z_$@][\w.>()-]*$/.test(name))
      throw new UsageError(`--names: no name of an argument: ${name}`, 'for example comm,pid,args.reason')
  }
  const args = list.map((name) => (FIELDS.includes(name) ? `args.${name}` : name))
  const text = format.endsWith('\\n') ? format : `${format}\\n`
  const source = `tracepoint:skb:kfree_skb { printf("${text.replaceAll(/(?<!\\)"/g, '\\"')}", ${args.join(', ')}) }`
  const decoder = compileProgram(source, [])
  if (decoder.pieces.length === 0) {
    throw new UsageError(
      `--printf: ${list.length} names do not fit the conversions of ${format}`,
      'one name for each conversion, in order',
    )
  }
  const pieces = decoder.pieces.map((piece) => ({ ...piece, clause: ofUnknownEvent(piece.clause), next: [] }))
  const steps = decoder.steps.map((step) => ({ ...step, clause: ofUnknownEvent(step.clause), next: [] }))
  return { ...decoder, pieces, steps }
}

function ofUnknownEvent(clause: ClauseFacts): ClauseFacts {
  return { ...clause, events: { ...clause.events, only: undefined, origin: undefined } }
}
