import { randomOf } from '../kit/random.ts'
import type { System } from './system.ts'
import { TARGETS, type Target, type Trial } from './targets.ts'

export interface Finding {
  readonly target: string
  /** Of this one trial. */
  readonly seed: number
  readonly trial: Trial
  readonly fault: string
}

/** One trial: its seed decides all of it. Undefined: nothing was found. */
export async function tryOnce(target: Target, seed: number, system: System): Promise<Finding | undefined> {
  const trial = target.draw(randomOf(seed), system)
  let fault: string | undefined
  try {
    fault = await trial.run()
  } catch (error) {
    fault = `thrown: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`
  }
  return fault === undefined ? undefined : { target: target.name, seed, trial, fault }
}

/** Trials with the seeds from `seed` on, each target in turn, until `isOver`; gives how many there were. */
export async function fuzz(
  seed: number,
  system: System,
  isOver: (trials: number) => boolean,
  tell: (finding: Finding) => void,
  targets: readonly Target[] = TARGETS,
): Promise<number> {
  let trials = 0
  for (; !isOver(trials); trials++) {
    const target = targets[trials % targets.length]
    const finding = target && (await tryOnce(target, seed + trials, system))
    if (finding !== undefined) tell(finding)
  }
  return trials
}
