import type { Adapter } from '../contract.ts'
import { validateStrict } from '../event/generated/validators.ts'
import { inWords, refusalBy } from '../event/refusal.ts'
import { type SpotCheck, spotCheck } from '../event/spot-check.ts'
import type { Output } from '../output/output.ts'
import type { GivenReader } from '../read/detect.ts'
import { ShapeMachines } from '../shapes/machines.ts'
import { kindStage } from '../stages/kind.ts'
import { limitStage } from '../stages/limit.ts'
import { sampleStage } from '../stages/sample.ts'
import { selectStage } from '../stages/select.ts'
import { type Stage, Unjudged } from '../stages/stage.ts'
import { tsWatch } from '../stages/ts-watch.ts'
import { utf8 } from '../text/utf8.ts'
import type { Conversion } from './convert-input.ts'
import { type Knowledge, openKnowledge } from './knowledge.ts'
import type { Plan, ReaderName, StagePlan } from './plan.ts'
import { type OpenProduct, openerOf, type ProductTools } from './product.ts'

/** A plan made ready to run. */
export interface Wired {
  readonly knowledge: Knowledge
  /** What a conversion takes, but for the places where records and rejected bytes go. */
  readonly conversion: Omit<Conversion, 'sink' | 'patience' | 'rejected'>
  /**
   * Opens what takes the records and writes to `output`. `midst`: the first records of the run went to another one. A
   * check that several products share counts the lines of all of them.
   */
  openProduct(output: Output, check?: SpotCheck | 'midst' | 'beginning'): OpenProduct
}

/**
 * Makes a plan ready: opens the knowledge, finds the readers among `adapters`, opens the stages. Stages that count, as
 * `--limit` does, count over all inputs that the result is used for. Throws UsageError for an expression that is not
 * valid, and RangeError for a reader that `adapters` does not have. `tools` are what the product needs.
 */
export async function wire(plan: Plan, adapters: readonly Adapter[], tools: ProductTools = {}): Promise<Wired> {
  const from = plan.from && readerNamed(plan.from, adapters)
  const implied = plan.implied === undefined ? undefined : adapterNamed(plan.implied, adapters)
  const knowledge = await openKnowledge(plan.given)
  const stages = await openStages(plan.stages)
  const open = await openerOf(plan.product, knowledge.candidatesOf, tools)
  return {
    knowledge,
    conversion: {
      adapters,
      from,
      implied,
      knowledge: knowledge.forReader,
      timekeeper: knowledge.timekeeper,
      stamp: plan.stamp,
      stages,
      machines: new ShapeMachines(),
    },
    openProduct: (output, check) => open(output, typeof check === 'object' ? check : spotCheck(plan.validate, check)),
  }
}

function readerNamed({ adapter, format }: ReaderName, adapters: readonly Adapter[]): GivenReader {
  return { adapter: adapterNamed(adapter, adapters), format }
}

function adapterNamed(name: string, adapters: readonly Adapter[]): Adapter {
  const adapter = adapters.find((candidate) => candidate.name === name)
  if (adapter === undefined) throw new RangeError(`no adapter ${name}`)
  return adapter
}

/** Opens stages anew: those that count begin at nothing. Throws UsageError for an expression that is not valid. */
export async function openStages(plans: readonly StagePlan[]): Promise<readonly Stage[]> {
  const stages: Stage[] = []
  for (const plan of plans) stages.push(await openStage(plan))
  return stages
}

async function openStage(plan: StagePlan): Promise<Stage> {
  switch (plan.stage) {
    case 'kind':
      return kindStage(plan.kinds)
    case 'ts-watch':
      return tsWatch(plan.flags)
    case 'where': {
      // On demand: CEL and what belongs to it are 17 modules, a tenth of the CPU time of a run over a short capture.
      const { whereStage } = await import('../stages/where.ts')
      return whereStage(plan.expressions)
    }
    case 'sample':
      return sampleStage(plan.each)
    case 'limit':
      return limitStage(plan.most)
    case 'select':
      return selectStage(plan.selection)
    case 'strict':
      return strictStage
    case 'storable':
      return (await import('../stages/storable.ts')).storableStage
  }
}

const strictStage: Stage = {
  cause: 'where',
  take(record) {
    if (validateStrict(JSON.parse(utf8(record.source ?? '')))) return record
    throw new Unjudged(inWords(refusalBy(validateStrict)))
  },
}
