import type { Adapter } from '../contract.ts'
import { TracenormError } from '../errors.ts'
import { inputName } from '../text/printable.ts'
import type { Plan } from './plan.ts'
import type { ProductTools } from './product.ts'
import { type LoadedSideFile, withSideData } from './side-files.ts'
import { type Wired, wire } from './wire.ts'

/** A plan with side files, made ready. */
export interface WiredBeside {
  readonly wired: Wired
  readonly used: readonly LoadedSideFile[]
  /** Sentences: a program that is not used. */
  readonly doubts: readonly string[]
}

/**
 * Makes a plan ready with these side files. A program that cannot be read is left out: it has only the name of one.
 * Throws UsageError and InputError as `wire` does.
 */
export async function wireBeside(
  plan: Plan,
  adapters: readonly Adapter[],
  side: readonly LoadedSideFile[],
  tools: ProductTools = {},
): Promise<WiredBeside> {
  const wiredWith = (files: readonly LoadedSideFile[]): Promise<Wired> =>
    wire(
      withSideData(
        plan,
        adapters,
        files.map(({ data }) => data),
      ),
      adapters,
      tools,
    )
  const wired = await wiredWith(side)
  const program = side.find(({ use }) => use === 'program')
  const isUsed = program !== undefined && withSideData(plan, adapters, [program.data]) !== plan
  const refusal = isUsed ? await refusalOf(wired, program.path) : undefined
  if (program === undefined || refusal === undefined) return { wired, used: side, doubts: [] }
  const doubt = `${inputName(program.path)} is not used as the program: ${refusal}`
  const used = side.filter((file) => file !== program)
  return { wired: await wiredWith(used), used, doubts: [doubt] }
}

/** Why the reader that the program implies refuses it. */
async function refusalOf({ conversion }: Wired, path: string): Promise<string | undefined> {
  const { implied, knowledge } = conversion
  const [format] = implied?.formats ?? []
  if (implied === undefined || format === undefined) return undefined
  const open = await implied.load(format.name)
  try {
    open(knowledge(path).context)
    return undefined
  } catch (error) {
    if (error instanceof TracenormError) return error.sentence
    throw error
  }
}
