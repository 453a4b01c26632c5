import type { Adapter } from '../contract.ts'
import { wholeRelease } from '../kernel/reasons/release.ts'
import type { Named } from '../output/outputs.ts'
import { givenReasons } from '../run/given-file.ts'
import type { Given, Plan, ProductPlan } from '../run/plan.ts'
import { shellWord } from '../text/printable.ts'
import { type GivenFlag, givenFlags, impliedBy, pathGivenBy, valuesOf } from './adapter-flags.ts'
import { type ConvertFlags, readerNamed } from './convert-flags.ts'
import { givenSnapshot } from './given-snapshot.ts'
import type { Io } from './io.ts'
import { stagesOf } from './stage-flags.ts'
import { wallClock } from './wall-clock.ts'

/** What is meant by the flags that were typed. Reads the files that they name. Throws UsageError and InputError. */
export async function planOf(
  flags: ConvertFlags,
  product: ProductPlan,
  adapters: readonly Adapter[],
  io: Io,
): Promise<Plan> {
  const own = givenFlags(flags, adapters)
  return {
    from: readerNamed(flags.from, adapters),
    implied: impliedBy(own),
    given: await givenBy(flags, own, io),
    stamp: {
      host: flags.host,
      release: flags.kernel === undefined ? undefined : wholeRelease(flags.kernel),
      labels: flags.label,
      provenance: flags.provenance,
      id: flags.id === true ? { salt: flags.idSalt } : undefined,
    },
    stages: [...stagesOf(flags, wallClock()), ...(product.as === 'parquet' ? [{ stage: 'storable' } as const] : [])],
    product,
    validate: flags.validate,
  }
}

async function givenBy(flags: ConvertFlags, own: readonly GivenFlag[], io: Io): Promise<Given> {
  const { kernel, distro, reasons, snapshot, timezone, clock, bootTime } = flags
  return {
    kernel,
    distro,
    snapshot: snapshot === undefined ? undefined : await givenSnapshot(snapshot, io),
    reasons: reasons === undefined ? undefined : await givenReasons(reasons, io.stdin),
    time: {
      ...(timezone !== undefined && { zone: timezone }),
      ...(clock !== undefined && { clock }),
      ...(bootTime !== undefined && { bootNs: bootTime }),
    },
    ...(await valuesOf(own, io.stdin)),
  }
}

/** The files that flags name to be read, beside the inputs. */
export function givenFiles(flags: ConvertFlags, adapters: readonly Adapter[]): readonly Named[] {
  const files = [
    { as: '--reasons', path: flags.reasons },
    { as: '--snapshot', path: flags.snapshot === 'self' ? undefined : flags.snapshot },
    ...givenFlags(flags, adapters).map((given) => ({ as: given.as, path: pathGivenBy(given) })),
  ]
  return files.flatMap(({ as, path }) => (path === undefined ? [] : [{ as: `${as} ${shellWord(path)}`, path }]))
}
