import type { Patience } from '../input/patience.ts'
import { inputName } from '../text/printable.ts'
import { type DecisionWish, decide } from './decide.ts'
import { factsOf } from './file-facts.ts'
import type { ManifestFile } from './manifest-file.ts'
import type { TreeFile } from './tree.ts'
import type { BatchPlan } from './workbench.ts'

/** What is looked at to say what would be done. */
export interface DryRun {
  readonly batch: BatchPlan
  readonly files: readonly TreeFile[]
  /** Undefined: there is none yet. */
  readonly manifest: ManifestFile | undefined
  readonly wish: DecisionWish
  readonly patience: Patience
}

/** Says of each file what a run would do: a line each, `convert PATH: why` or `keep PATH`. Throws Interrupted. */
export async function* wouldDo({ batch, files, manifest, wish, patience }: DryRun): AsyncGenerator<string> {
  for (const file of files) {
    const decision = decide(file, manifest?.entriesOf(file.path), batch, wish)
    const name = inputName(file.path)
    if (decision.do === 'convert') yield `convert ${name}: ${decision.why}\n`
    else if (decision.do === 'keep' || (await hasSha256(file, decision.sha256, patience))) yield `keep ${name}\n`
    else yield `convert ${name}: changed\n`
  }
}

async function hasSha256(file: TreeFile, sha256: string, patience: Patience): Promise<boolean> {
  const facts = await factsOf(file, patience)
  return 'sha256' in facts && facts.sha256 === sha256
}
