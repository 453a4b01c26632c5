// The binaries that perf names in frames: a kernel module, or a dso.
import { utf8 } from '../../src/text/utf8.ts'

/** Where the code of a frame is, as the event has it. */
export interface NamedBinary {
  readonly dso?: string
  readonly module?: string
}

/**
 * The binary of a name (latin1): `[nf_tables]` is a module, `[vdso]` and the like are dsos, `[kernel.kallsyms]` and
 * `[unknown]` say nothing.
 */
export function binaryNamed(name: string): NamedBinary | undefined {
  if (name === '' || /^\[(?:kernel(?:\.[^\]]*)?|unknown)\]$/.test(name)) return undefined
  const [, module] = /^\[(?!(?:vdso|vsyscall|heap|stack|guest|anon|uprobes))([^[\]]+)\]$/.exec(name) ?? []
  return module === undefined ? { dso: utf8(name) } : { module: utf8(module) }
}
