import { type Decoded, NO_REASONS, type Reasons } from '../kernel/reasons/reasons.ts'

/** Tables of drop reasons that are known before an input is read. */
export interface KnownTables {
  /** `--reasons` */
  readonly ofFile: Reasons | undefined
  readonly ofSnapshot: Reasons | undefined
  /** `--kernel` */
  readonly ofKernel: Reasons | undefined
  /** Of the kernel that the snapshot names. */
  readonly ofSnapshotKernel: Reasons | undefined
}

/**
 * The best table that is known so far, for one reader of one input. The reader holds this object while the table
 * changes.
 */
export class CurrentReasons implements Reasons {
  private readonly known: KnownTables
  private ofHeader: Reasons | undefined
  private isSnapshotWithdrawn = false
  private table: Reasons

  constructor(known: KnownTables) {
    this.known = known
    this.table = this.best()
  }

  decode(code: number): Decoded | undefined {
    return this.table.decode(code)
  }

  codeOf(name: string): number | undefined {
    return this.table.codeOf(name)
  }

  /** The table in use is that of `--kernel`. */
  get isOfKernel(): boolean {
    return this.table === this.known.ofKernel
  }

  /** A header of the input names the capturing kernel. */
  learn(ofHeader: Reasons): void {
    this.ofHeader = ofHeader
    this.table = this.best()
  }

  /** The snapshot is of another host. */
  withdrawSnapshot(): void {
    this.isSnapshotWithdrawn = true
    this.table = this.best()
  }

  private best(): Reasons {
    const { ofFile, ofSnapshot, ofKernel, ofSnapshotKernel } = this.known
    return (
      ofFile ??
      (this.isSnapshotWithdrawn ? undefined : ofSnapshot) ??
      ofKernel ??
      (this.isSnapshotWithdrawn ? undefined : ofSnapshotKernel) ??
      this.ofHeader ??
      NO_REASONS
    )
  }
}
