// The process of a sample, as all formats of perf name it.
import type { Part } from '../../src/event/part.ts'
import { taskPart } from '../../src/kernel/task-parts.ts'
import { intern } from '../../src/text/intern.ts'

/**
 * The `process` part. Undefined: no kernel gives such an id. A comm (latin1) of `:1234` with that number as id is
 * how perf says that it does not know the name.
 */
export function processPart(
  comm: string | undefined,
  pid: number | undefined,
  tid: number | undefined,
): Part | undefined {
  return taskPart(comm === `:${tid ?? pid}` ? undefined : comm, pid, tid)
}

const KNOWN = intern((key) => {
  const [ids = '', pid = '', tid = ''] = /^(-?\d*)\/(-?\d*) /.exec(key) ?? []
  return processPart(key.slice(ids.length), pid === '' ? undefined : Number(pid), tid === '' ? undefined : Number(tid))
})

/** The `process` part of a process with a comm, remembered. */
export function knownProcess(comm: string, pid: number | undefined, tid: number | undefined): Part | undefined {
  return KNOWN.get(`${pid ?? ''}/${tid ?? ''} ${comm}`)
}
