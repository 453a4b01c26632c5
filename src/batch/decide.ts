import { statSync } from 'node:fs'
import { join } from 'node:path'
import { pathOf } from '../text/file-name.ts'
import { type FileEntries, sideInputs } from './manifest.ts'
import type { FileTask } from './task.ts'
import type { TreeFile } from './tree.ts'
import type { BatchPlan } from './workbench.ts'

/**
 * What is to be done with a file. `keep`: its results are there. `compare`: they are, if its bytes still have this
 * SHA-256. `convert`: `why` says it for people.
 */
export type Decision =
  | { readonly do: 'keep' }
  | { readonly do: 'compare'; readonly sha256: string }
  | { readonly do: 'convert'; readonly why: string }

export interface DecisionWish {
  /** `--retry-failed` */
  readonly retriesFailed: boolean
  /** `--trust-times`: a file whose size, time of change and inode are the same has the same bytes. */
  readonly trustsTimes: boolean
}

/** Decides by what the manifest says of the file, and by what is on the disk. */
export function decide(
  file: TreeFile,
  known: FileEntries | undefined,
  batch: BatchPlan,
  { retriesFailed, trustsTimes }: DecisionWish,
): Decision {
  if (known === undefined) return { do: 'convert', why: 'new' }
  const [own] = known
  if (own.version !== batch.version) return { do: 'convert', why: `made by version ${own.version}` }
  if (own.options_sha256 !== batch.optionsSha256) return { do: 'convert', why: 'other options' }
  if (JSON.stringify(own.side_inputs) !== JSON.stringify(sideInputs(file.side.used)))
    return { do: 'convert', why: 'other side files' }
  if (retriesFailed && known.some(({ status }) => status === 'failed' || status === 'bug'))
    return { do: 'convert', why: 'failed before' }
  if (own.size !== file.size) return { do: 'convert', why: 'changed' }
  if (known.some((entry) => !isThere(batch.folder, entry))) return { do: 'convert', why: 'its result is missing' }
  if (own.content_sha256 === undefined) return { do: 'keep' }
  return trustsTimes && isSameFile(file, own.times) ? { do: 'keep' } : { do: 'compare', sha256: own.content_sha256 }
}

/** What is to be done with a file, for hands. Undefined: its results are there. */
export function taskOf(
  file: TreeFile,
  known: FileEntries | undefined,
  batch: BatchPlan,
  wish: DecisionWish,
): FileTask | undefined {
  const decision = decide(file, known, batch, wish)
  if (decision.do === 'keep') return undefined
  return { file, unlessSha256: decision.do === 'compare' ? decision.sha256 : undefined }
}

function isThere(folder: string, { output, output_size: size }: FileEntries[number]): boolean {
  if (output === undefined) return true
  return statSync(pathOf(join(folder, output)), { throwIfNoEntry: false })?.size === size
}

/** A folder that is one recording is read: its own time is not that of its files. */
function isSameFile({ path, parts }: TreeFile, { modified, inode }: FileEntries[number]['times']): boolean {
  if (parts !== undefined) return false
  const stats = statSync(pathOf(path), { bigint: true, throwIfNoEntry: false })
  return stats !== undefined && String(stats.mtimeNs) === modified && `${stats.dev}:${stats.ino}` === inode
}
