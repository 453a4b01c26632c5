import type { Verdict } from '../../../src/contract.ts'
import { byteOrder, isFileForm, mayBeRecording, PIPE_HEADER_BYTES } from './file-header.ts'

/** Whether an input begins as a recording. */
export function detectDataHead(head: string): Verdict | 'more' | undefined {
  if (byteOrder(head) === undefined) return mayBeRecording(head) && head.length < 8 ? 'more' : undefined
  if (head.length < PIPE_HEADER_BYTES) return 'more'
  const form = isFileForm(head) ? 'a recording of perf, the file form' : 'a recording of perf, the form of a pipe'
  return { format: 'data', score: 99, why: form }
}

/** Whether these are the first bytes of the file form: names, host and clock follow its records. */
export function needsSeeking(head: string): boolean | 'more' {
  const verdict = detectDataHead(head)
  return verdict === 'more' ? verdict : verdict !== undefined && isFileForm(head)
}

/** Of a folder that `perf record --threads` or `--kcore` wrote: the header, and the records of each ring buffer. */
export function filesOfRecording(names: readonly string[]): readonly string[] | undefined {
  const rings = names.filter((name) => /^data\.\d{1,6}$/.test(name))
  if (!names.includes('data') || names.length > rings.length + 1) return undefined
  const numberOf = (name: string): number => Number(name.slice('data.'.length))
  return ['data', ...rings.sort((a, b) => numberOf(a) - numberOf(b))]
}
