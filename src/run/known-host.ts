import type { Facts } from '../contract.ts'
import type { Snapshot } from '../event/generated/snapshot-types.ts'
import { contradictionOf, interfaceNames } from '../kernel/snapshot.ts'
import type { HostFacts } from '../stages/stamp.ts'

/** `--snapshot`. */
export interface GivenSnapshot {
  readonly snapshot: Snapshot
  /** Taken of this host when the run began: a capture of another host is then refused. */
  readonly isSelf: boolean
}

/** What a snapshot says of the host of an input, as long as no header there names another one. */
export interface KnownHost {
  readonly facts: HostFacts
  readonly isSelf: boolean
  /** What is taken for granted where an interface got its name by its index alone. Undefined: it is sure. */
  readonly assumption: string | undefined
  /** Why a header's facts are not of this host: a sentence. */
  contradiction(facts: Facts): string | undefined
}

const ONE_NAMESPACE =
  'interface indexes without a network namespace were taken for those of the namespace of the snapshot: not all processes of its host could be looked at'

export function knownHost({ snapshot, isSelf }: GivenSnapshot): KnownHost {
  const { name, kernel } = snapshot.host
  return {
    facts: { name, kernel, interfaceName: interfaceNames(snapshot) },
    isSelf,
    assumption: snapshot.network_namespace?.is_alone === true ? undefined : ONE_NAMESPACE,
    contradiction: (facts) => contradictionOf(snapshot, facts),
  }
}
